"""Seal everything with the newest key, so that older ones can be taken away (the first run kind).

What is sealed: every `EncryptedText` column finds itself; other stores are listed in
`settings.SEALED_STORES`. With a sealed text its keyed digest is made anew, in the same statement,
so that a row is always found by one of the listed keys.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q
from django.db.models.functions import Left
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from config.errors import DomainError, NotKnown
from config.identity import cipher, digest
from config.identity.fields import EncryptedText
from config.identity.keys import key_ring
from config.runs.kinds import Outcome, Piece, RunKind, StopRun, code_of, pieces_of, row_by_row
from config.runs.models import Chunk, Run

ROWS_PER_CHUNK = 500
ROWS_BETWEEN_RENEWALS = 50


class SealedStore(ABC):
    """Something that holds sealed content, addressed by ascending ids.

    Attributes:
        part: stable name of the store, kept in plans.
    """

    part: str

    @abstractmethod
    def stale_ids(self, first_id: int | None = None, last_id: int | None = None) -> Iterable[int]:
        """Return the ids, ascending, of what is not sealed with the current key."""

    @abstractmethod
    def reseal(self, ids: list[int], outcome: Outcome, keep: Callable[[], None]) -> None:
        """Seal these anew in the running transaction; what cannot be opened is set aside."""


class SealedTable(SealedStore):
    """The sealed columns of one table, and the digests made of them."""

    def __init__(self, model: type[models.Model], columns: list[EncryptedText]) -> None:
        """Name the table and its sealed columns."""
        self.model, self.columns = model, columns
        self.rows = model._default_manager  # noqa: SLF001  documented for such use
        self.part = model._meta.label_lower

    def stale_ids(self, first_id: int | None = None, last_id: int | None = None) -> Iterable[int]:
        """Return the ids of rows with a seal or a digest of another key."""
        current = key_ring().current.key_id
        stale = Q(pk__in=[])
        rows = self.rows.all()
        for name, prefix in self._prefixes(current):
            rows = rows.alias(**{f"start_of_{name}": Left(name, len(prefix))})
            stale |= ~Q(**{f"start_of_{name}__in": [prefix, ""]})
        if first_id is not None:
            rows = rows.filter(pk__range=(first_id, last_id))
        return rows.filter(stale).order_by("pk").values_list("pk", flat=True).iterator()

    def reseal(self, ids: list[int], outcome: Outcome, keep: Callable[[], None]) -> None:
        """Write all rows by one statement; row by row where one of them stands in the way."""
        made = self._made_anew(ids, outcome, keep)
        try:
            with transaction.atomic():
                self._write(made)
        except IntegrityError:
            row_by_row(sorted(made), lambda pk: self._write({pk: made[pk]}), outcome, keep)
        else:
            outcome.done += len(made)

    def _made_anew(
        self, ids: list[int], outcome: Outcome, keep: Callable[[], None]
    ) -> dict[int, list[str]]:
        """Return the new texts per row, read under a lock, so that no change in between is lost."""
        names = [column.attname for column in self.columns]
        rows = self.rows.filter(pk__in=ids).order_by("pk")
        locked = rows.select_for_update(no_key=True, of=("self",)).values_list("pk", *names)
        made: dict[int, list[str]] = {}
        for place, (pk, *sealed) in enumerate(locked):
            if place % ROWS_BETWEEN_RENEWALS == 0:
                keep()
            try:
                made[pk] = self._texts([each.plain() if each else "" for each in sealed])
            except DomainError as failure:
                outcome.set_aside[pk] = code_of(failure)
        return made

    def _texts(self, plain: list[str]) -> list[str]:
        """Return the sealed texts and digests of one row, in the order of `_names`."""
        ring = key_ring()
        texts: list[str] = []
        for column, text in zip(self.columns, plain, strict=True):
            texts.append(cipher.seal(ring, text, column.purpose) if text else "")
            if column.digest_field:
                texts.append(digest.keyed_digest(ring, text, column.purpose) if text else "")
        return texts

    def _names(self) -> list[str]:
        names: list[str] = []
        for column in self.columns:
            names.append(column.attname)
            if column.digest_field:
                names.append(column.digest_field)
        return names

    def _prefixes(self, key_id: str) -> Iterable[tuple[str, str]]:
        for column in self.columns:
            yield column.attname, f"{cipher.ALGORITHM}:{key_id}:"
            if column.digest_field:
                yield column.digest_field, f"{digest.ALGORITHM}:{key_id}:"

    def _write(self, made: dict[int, list[str]]) -> None:
        if not made:
            return
        names = self._names()
        statement = sql.SQL(
            "UPDATE {table} AS t SET {columns} FROM unnest(%s::bigint[], {arrays})"
            " AS new (id, {names}) WHERE t.id = new.id"
        ).format(
            table=sql.Identifier(self.model._meta.db_table),
            columns=sql.SQL(", ").join(
                sql.SQL("{name} = new.{name}").format(name=sql.Identifier(name)) for name in names
            ),
            arrays=sql.SQL(", ").join([sql.SQL("%s::text[]")] * len(names)),
            names=sql.SQL(", ").join(map(sql.Identifier, names)),
        )
        by_column = [list(texts) for texts in zip(*made.values(), strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(statement.as_string(cursor.connection), [list(made), *by_column])


def sealed_stores() -> list[SealedStore]:
    """Return everything that holds sealed content."""
    tables = []
    for model in apps.get_models():
        columns = [
            field for field in model._meta.concrete_fields if isinstance(field, EncryptedText)
        ]
        if columns and model._meta.managed:
            tables.append(SealedTable(model, columns))
    return [*tables, *(import_string(path)() for path in settings.SEALED_STORES)]


def store_of(part: str) -> SealedStore:
    """Return the store of a part.

    Raises:
        NotKnown: `runs.key.store_unknown`.
    """
    for store in sealed_stores():
        if store.part == part:
            return store
    raise NotKnown("runs.key.store_unknown", part=part)


def stale_counts() -> dict[str, int]:
    """Return, per store, how much is not sealed with the current key; nothing where all is."""
    counts = {store.part: sum(1 for _id in store.stale_ids()) for store in sealed_stores()}
    return {part: count for part, count in counts.items() if count}


class KeyRotation(RunKind):
    """Seal everything with the current key while people work; both keys stay listed meanwhile."""

    title = _("Seal everything with the newest key")
    plan_act = approve_act = "key.rotate"
    is_for_the_pool = True

    def plan(self, parameters: dict[str, Any]) -> list[Piece]:
        """Return ranges of rows not sealed with the current key.

        Raises:
            NotKnown: `runs.key.nothing_to_do`.
            StopRun: `runs.key.other_ring`.
        """
        self._require_key(parameters)
        pieces = [
            piece
            for store in sealed_stores()
            for piece in pieces_of(store.stale_ids(), ROWS_PER_CHUNK, store.part)
        ]
        if not pieces:
            raise NotKnown("runs.key.nothing_to_do")
        return pieces

    def apply(self, run: Run, chunk: Chunk, keep: Callable[[], None]) -> Outcome:
        """Seal the rows of a chunk anew; a row that cannot be opened is set aside."""
        self._require_key(run.parameters)
        store = store_of(chunk.part)
        outcome = Outcome()
        found = run.findings.filter(part=chunk.part).values_list("subject_id", flat=True)
        ids = set(store.stale_ids(chunk.first_id, chunk.last_id)) - set(found)
        store.reseal(sorted(ids), outcome, keep)
        return outcome

    def remaining(self, run: Run) -> list[Piece]:
        """Return what was written with an older key while the run went on."""
        self._require_key(run.parameters)
        pieces: list[Piece] = []
        for store in sealed_stores():
            given_up = set(
                run.findings.filter(part=store.part).values_list("subject_id", flat=True)
            )
            parked = run.chunks.filter(part=store.part, state=Chunk.State.PARKED)
            given_up |= set(parked.values_list("first_id", flat=True))
            stale = (pk for pk in store.stale_ids() if pk not in given_up)
            pieces += pieces_of(stale, ROWS_PER_CHUNK, store.part)
        return pieces

    def _require_key(self, parameters: dict[str, Any]) -> None:
        """Refuse a worker that was started with another list of keys than the plan's.

        Raises:
            StopRun: `runs.key.other_ring`.
        """
        if parameters.get("to_key") != key_ring().current.key_id:
            raise StopRun("runs.key.other_ring")
