"""What a person may leave unfinished, told by the packages that know it.

`settings.OPEN_WORK` lists dotted paths of `OpenWork`. A package above adds its own there; nothing
here imports it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class OpenWork:
    """One kind of unfinished work.

    Attributes:
        code: stable, kept in the event of a handover.
        title: what it is, for people.
        count: how much of it a person holds in the offices in scope; takes the account's id.
        move: hands it from one account to another, in the running transaction; returns how much.
    """

    code: str
    title: str | Promise
    count: Callable[[int], int]
    move: Callable[[int, int], int]


def kinds() -> list[OpenWork]:
    """Return the kinds of unfinished work, in the order of the settings."""
    return [import_string(path) for path in settings.OPEN_WORK]
