"""A small proxy between the product and its database: slow, or silent, as a test asks."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

from config.local.processes import LOOPBACK
from tests.faults.machine import free_port


class Proxy:
    """Passes bytes on. `delay_s` waits before each piece for the server; `is_silent` keeps them."""

    def __init__(self, server_port: int) -> None:
        self.server_port, self.port = server_port, free_port()
        self.delay_s = 0.0
        self.is_silent = False
        self._listener = socket.create_server((LOOPBACK, self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _address = self._listener.accept()
                server = socket.create_connection((LOOPBACK, self.server_port))
                for source, target, is_slow in ((client, server, True), (server, client, False)):
                    threading.Thread(
                        target=self._pass, args=(source, target, is_slow), daemon=True
                    ).start()

    def _pass(self, source: socket.socket, target: socket.socket, is_slow: bool) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                while self.is_silent:
                    time.sleep(0.1)
                if is_slow:
                    time.sleep(self.delay_s)
                target.sendall(piece)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
