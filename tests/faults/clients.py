"""Clients of a fault test: signed-in people and a hospital's system over HTTP, and what they were told."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import InterfaceError, OperationalError, connections

from config.errors import DomainError
from config.local.processes import LOOPBACK

REQUEST_TIMEOUT_S = 35


@dataclass
class Answered:
    """What one operation answered."""

    key: str
    status: str
    said: Any = None


class Log:
    """What clients were told: ok (acknowledged), refused, or unknown (no answer came)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.lines: list[Answered] = []

    def note(self, key: str, status: str, said: Any = None) -> Answered:
        line = Answered(key, status, said)
        with self._lock:
            self.lines.append(line)
        return line

    def call(self, key: str, act: Any) -> Answered:
        """Do an act in this process and note its answer; whatever breaks is "unknown"."""
        try:
            return self.note(key, "ok", act())
        except DomainError as refusal:
            return self.note(key, "refused", refusal.code)
        except (OperationalError, InterfaceError, OSError) as failure:
            connections.close_all()  # as a request and a task do after a failure
            return self.note(key, "unknown", repr(failure)[:300])

    def keys(self, status: str) -> set[str]:
        with self._lock:
            return {line.key for line in self.lines if line.status == status}


class Browser:
    """One person's signed-in session over real HTTP; not for two threads at once."""

    def __init__(self, port: int, cookies: Mapping[str, str]) -> None:
        self.port = port
        self.token = "t" * 32
        self.cookies = {**cookies, settings.CSRF_COOKIE_NAME: self.token}

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, data: Mapping[str, object], **headers: str) -> tuple[int, str]:
        body = urlencode({**data, "csrfmiddlewaretoken": self.token}, doseq=True)
        return self._ask("POST", path, body, headers)

    def _ask(
        self, method: str, path: str, body: str | None, headers: Mapping[str, str]
    ) -> tuple[int, str]:
        """Return status and text.

        Raises:
            OSError, http.client.HTTPException: no answer came; whether it was done is unknown.
        """
        connection = HTTPConnection(LOOPBACK, self.port, timeout=REQUEST_TIMEOUT_S)
        try:
            sent = {
                "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
                "Accept-Language": "zh-hans",
                **headers,
            }
            if body is not None:
                sent["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        finally:
            connection.close()


class Interface:
    """A hospital's system with its token, over HTTP."""

    def __init__(self, port: int, token: str) -> None:
        self.port, self.token = port, token

    def post(self, path: str, body: Mapping[str, object], key: str = "") -> tuple[int, Any]:
        """Return status and answer.

        Raises:
            OSError, http.client.HTTPException: no answer came; whether it was done is unknown.
        """
        connection = HTTPConnection(LOOPBACK, self.port, timeout=REQUEST_TIMEOUT_S)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        if key:
            headers["Idempotency-Key"] = key
        try:
            connection.request("POST", f"/api/v1/{path}", json.dumps(body), headers)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        finally:
            connection.close()
        is_json = "json" in (answer.getheader("Content-Type") or "")
        return answer.status, json.loads(text) if is_json else text
