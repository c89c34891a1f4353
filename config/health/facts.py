"""What is known about the health of the installation: one fact per thing that can go wrong.

A package that has something to say writes a function without arguments in its own
`health_facts.py` and lists its path in `settings.HEALTH_FACTS`; nothing here knows it by name.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from config.offices import scope
from config.offices.selectors import scope_of_system

_log = logging.getLogger(__name__)


class State(StrEnum):
    """How a fact stands. Whatever is not `ok` is an alarm."""

    OK = "ok"
    LATE = "late"
    BROKEN = "broken"
    UNKNOWN = "unknown"


WORDS = {
    State.OK: _("Well"),
    State.LATE: _("Late"),
    State.BROKEN: _("Broken"),
    State.UNKNOWN: _("Not known"),
}


@dataclass(frozen=True)
class HealthFact:
    """One thing that is well or not.

    Args:
        name: stable code, `backup.age`; monitors rely on it.
        state: how it stands; a word that is no state is refused.
        said: one sentence for staff, lazily translated: ages, counts, never a person.
    """

    name: str
    state: str
    said: str | Promise

    def __post_init__(self) -> None:
        """Refuse a state nobody knows: it would read as well."""
        State(self.state)

    @property
    def state_word(self) -> str | Promise:
        """The state in words."""
        return WORDS[State(self.state)]

    @property
    def is_alarm(self) -> bool:
        """Whether somebody has to look."""
        return self.state != State.OK


def read_facts() -> list[HealthFact]:
    """Return every fact of `settings.HEALTH_FACTS`, in that order.

    Facts are read as the system over all offices: they are counts and ages, never rows. A fact
    that cannot be read is `unknown` and hides no other one.
    """
    return [_read(path) for path in settings.HEALTH_FACTS]


def _read(path: str) -> HealthFact:
    ask = import_string(path)
    try:
        with transaction.atomic(), scope.enter_or_leave(scope_of_system("health")):
            return ask()
    except Exception:  # noqa: BLE001  whatever a fact stumbles over, the others must be told
        _log.exception("The health fact %s could not be read.", path)
        name = path.rpartition(".")[2]
        return HealthFact(name, State.UNKNOWN, _("This could not be read."))
