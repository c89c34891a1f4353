"""No request keeps a web worker longer than this, whatever the database or the network does.

The server's own bounds (statement, lock) end a statement that runs. They do not end a thousand
slow ones, nor a wait for an answer that never comes. A thread beside the workers closes the
connection of a request that is overdue: what waits on it fails at once, and the request ends.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, HttpResponse

LOOKS_EVERY_S = 0.5
ALIASES = ("default", "aside")
_log = logging.getLogger(__name__)


class _Running:
    """One request: until when, and on which connections."""

    def __init__(self, seconds: float) -> None:
        self.ends_at = time.monotonic() + seconds
        self.connections: list[BaseDatabaseWrapper] = [connections[alias] for alias in ALIASES]

    @property
    def is_overdue(self) -> bool:
        return time.monotonic() > self.ends_at

    def refuse_late(self, execute: Callable[..., Any], *statement: Any) -> Any:
        """Let no further statement begin once the request is overdue."""
        if self.is_overdue:
            raise OperationalError("the request is overdue")
        return execute(*statement)

    def cut(self) -> None:
        """Close the sockets under whatever waits on them."""
        for wrapper in self.connections:
            connection = wrapper.connection
            if connection is None or connection.closed:
                continue
            with contextlib.suppress(OSError, psycopg.Error):
                # A copy of the descriptor: the one in use stays its owner's to close.
                copy = socket.socket(fileno=os.dup(connection.fileno()))
                try:
                    copy.shutdown(socket.SHUT_RDWR)
                finally:
                    copy.close()


class Watch:
    """The requests that run in this process, and the thread that looks after them."""

    def __init__(self) -> None:
        self._running: dict[int, _Running] = {}
        self._lock = threading.Lock()
        self._process = 0

    @contextmanager
    def over(self, seconds: float) -> Iterator[None]:
        """Bound what happens in the block."""
        running = _Running(seconds)
        with self._lock:
            self._running[id(running)] = running
            if self._process != os.getpid():
                # A server that forks takes the threads of before along as memory only.
                self._process = os.getpid()
                threading.Thread(target=self._look, name="deadline", daemon=True).start()
        try:
            with contextlib.ExitStack() as bounds:
                for wrapper in running.connections:
                    bounds.enter_context(wrapper.execute_wrapper(running.refuse_late))
                yield
        finally:
            with self._lock:
                self._running.pop(id(running), None)

    def _look(self) -> None:
        while True:
            time.sleep(LOOKS_EVERY_S)
            with self._lock:
                overdue = [each for each in self._running.values() if each.is_overdue]
            for each in overdue:
                _log.error("a request is overdue: its connection is closed")
                each.cut()


watch = Watch()


class DeadlineMiddleware:
    """Bound every request; the page says that the database took too long."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with watch.over(settings.REQUEST_DEADLINE_S):
            return self.get_response(request)
