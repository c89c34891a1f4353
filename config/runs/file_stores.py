"""Stored files, for the run that seals everything with the newest key."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import models

from config.errors import DomainError
from config.identity.file_storage import SealedStorage
from config.identity.keys import key_ring
from config.policy.models import PolicyDocument
from config.runs.key_rotation import SealedStore
from config.runs.kinds import Outcome, code_of


class SealedFiles(SealedStore):
    """The files of one column, addressed by the ids of its rows.

    A file is sealed anew beside itself and takes its own name in one step. That is no part of the
    transaction: where the chunk is rolled back the file stays as it is, under a key that is listed.

    Attributes:
        model: the rows.
        column: their file column.
    """

    model: type[models.Model]
    column: str

    def stale_ids(self, first_id: int | None = None, last_id: int | None = None) -> Iterable[int]:
        """Return the ids of rows whose file is not sealed with the current key."""
        current = key_ring().current.key_id
        for pk, name in self._named(first_id, last_id):
            if self._key_of(name) != current:
                yield pk

    def reseal(self, ids: list[int], outcome: Outcome, keep: Callable[[], None]) -> None:
        """Seal these files anew, one by one; what cannot be opened is set aside."""
        names = dict(self._named(None, None, ids))
        for pk in ids:
            keep()
            try:
                self.storage.reseal(names[pk])
            except (DomainError, OSError, KeyError) as failure:
                outcome.set_aside[pk] = code_of(failure)
            else:
                outcome.done += 1

    @property
    def storage(self) -> SealedStorage:
        """Where the files lie."""
        return self.model._meta.get_field(self.column).storage

    def _named(
        self, first_id: int | None, last_id: int | None, ids: list[int] | None = None
    ) -> Iterable[tuple[int, str]]:
        rows = self.model._default_manager.exclude(**{self.column: ""}).order_by("pk")  # noqa: SLF001  documented for such use
        if first_id is not None:
            rows = rows.filter(pk__range=(first_id, last_id))
        if ids is not None:
            rows = rows.filter(pk__in=ids)
        return rows.values_list("pk", self.column).iterator()

    def _key_of(self, name: str) -> str:
        """Return the key of a file; one that is gone or damaged counts as stale and is set aside."""
        try:
            return self.storage.key_id_of(name)
        except (DomainError, OSError):
            return ""


class DocumentScans(SealedFiles):
    """Scans of policy documents."""

    part = "policy.policydocument.scan"
    model = PolicyDocument
    column = "scan"
