"""Where a number of a person could end up, and the forms in which it would be recognised."""

from __future__ import annotations

import base64
import io
import json
import logging
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import psycopg
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.signals import got_request_exception
from django.views.debug import get_exception_reporter_class
from kombu.messaging import Producer
from psycopg import sql

from config.local.servers.account import server_account, server_folder
from config.offices.models import Office
from tests.database import PLACE


def forms_of(value: str) -> set[str]:
    """Return a value as it may stand in a text: plain, in addresses, in JSON, in base64, in hex."""
    raw = value.encode()
    found = {value, quote(value), json.dumps(value)[1:-1], raw.hex()}
    for shift in range(3):
        # Whatever stands before it moves the borders of base64: the inner part is always there.
        coded = base64.b64encode(b"\0" * shift + raw).decode()
        inner = coded[4 if shift else 0 : len(coded) // 4 * 4 - 4]
        found |= {inner, inner.replace("+", "-").replace("/", "_")}
    return {form for form in found if len(form) >= 6}


class Sinks:
    """Everything that was written by the product outside its sealed columns, by sink."""

    def __init__(self) -> None:
        self.texts: dict[str, list[str]] = {}
        self.log = io.StringIO()
        self.reporter = get_exception_reporter_class(None)

    def put(self, sink: str, text: object) -> None:
        self.texts.setdefault(sink, []).append(str(text))

    def see(self, response) -> None:
        """Keep what of an answer travels or stays: address, headers, title, file name."""
        request = response.wsgi_request
        self.put("addresses", request.get_full_path())
        for name in ("Location", "HX-Redirect", "HX-Push-Url", "Link", "Refresh"):
            self.put("addresses", response.headers.get(name, ""))
        self.put("file names", response.headers.get("Content-Disposition", ""))
        assert response.headers.get("Referrer-Policy") == "same-origin"
        if not response.streaming:
            title = re.search(
                r"<title>(.*?)</title>", response.content.decode(errors="replace"), re.S
            )
            self.put("titles", title[1] if title else "")
        if response.status_code >= 500:
            self.put("error answers", response.content.decode(errors="replace"))

    def collect(self) -> dict[str, str]:
        """Return the text of every sink, those read at the end included."""
        self.put("log", self.log.getvalue())
        for session in Session.objects.all():
            self.put("sessions", SessionStore(session.session_key).load())
        self.put("cache", {alias: repr(vars(caches[alias])) for alias in settings.CACHES})
        for path in settings.MEDIA_ROOT.rglob("*") if settings.MEDIA_ROOT.exists() else ():
            self.put("file names", path)
        return {sink: "\n".join(texts) for sink, texts in self.texts.items()}

    @contextmanager
    def watching(self) -> Iterator[Sinks]:
        """Watch logs at debug level, error reports, messages to the queue, the server's log."""
        handler = next(h for h in logging.getLogger().handlers if h.filters)
        level, stream = logging.getLogger().level, handler.stream
        handler.stream = self.log
        logging.getLogger().setLevel(logging.DEBUG)
        publish = Producer.publish
        server_log = server_folder(server_account(), PLACE.var) / "postgres.log"
        start = server_log.stat().st_size

        def published(producer, body, *args, **kwargs):
            self.put("queue", f"{body!r} {args!r} {kwargs!r}")
            return publish(producer, body, *args, **kwargs)

        got_request_exception.connect(self._report)
        Producer.publish = published
        try:
            yield self
        finally:
            Producer.publish = publish
            got_request_exception.disconnect(self._report)
            logging.getLogger().setLevel(level)
            handler.stream = stream
            with server_log.open("rb") as log:
                log.seek(start)
                self.put("server log", log.read().decode(errors="replace"))

    def _report(self, sender, request=None, **_signal) -> None:
        reporter = self.reporter(request, *sys.exc_info(), is_email=True)
        self.put("error reports", reporter.get_traceback_text())
        self.put("error reports", reporter.get_traceback_html())


def columns_holding(needles: set[str]) -> set[tuple[str, str]]:
    """Return every column of every table in which one of the texts stands, read as the owner."""
    pattern = "|".join(re.escape(needle) for needle in sorted(needles))
    offices = ",".join(str(pk) for pk in Office.objects.values_list("pk", flat=True))
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"]) as owner:
        owner.execute("SELECT set_config('app.office_ids', %s, true)", [offices])
        columns = owner.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns c"
            " JOIN pg_class ON relname = table_name AND relkind IN ('r', 'p')"
            " WHERE table_schema = 'public' AND data_type NOT IN"
            " ('boolean', 'smallint', 'integer', 'uuid', 'timestamp with time zone', 'date')"
        ).fetchall()
        return {
            (table, column)
            for table, column, kind in columns
            if _holds(owner, table, column, kind, pattern)
        }


def _holds(owner, table, column, kind, pattern) -> bool:
    named = sql.Identifier(column)
    text = (
        sql.SQL("encode({}, 'escape')").format(named)
        if kind == "bytea"
        else sql.SQL("{}::text").format(named)
    )
    asked = sql.SQL("SELECT EXISTS (SELECT FROM {} WHERE {} ~ %s)").format(
        sql.Identifier(table), text
    )
    return owner.execute(asked, [pattern]).fetchone()[0]
