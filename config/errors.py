"""The errors of the product: one base, a few kinds, a stable code each.

A `DomainError` says that the product understood a request and will not do it. Its
code is stable for ever (tests, interfaces and translations rely on it), its facts carry
what a sentence needs: the row, the day, the clause, the amount. The sentence itself is
in `config.error_sentences`, so that pure modules stay free of the web framework.

A fact whose name ends in `_fen` is printed as yuan, every other fact as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date


class DomainError(Exception):
    """A request that is understood and not done.

    Args:
        code: dotted, lower case, stable: `claims.settlement.changed_since_preview`.
        facts: what the sentence of that code names.
    """

    code: str
    facts: dict[str, object]

    def __init__(self, code: str, **facts: object) -> None:
        """Keep the code and the facts; the sentence is made where it is shown."""
        super().__init__(code)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        """Show code and facts, for logs and tests; never shown to staff."""
        if not self.facts:
            return self.code
        listed = ", ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{self.code} ({listed})"


class Refused(DomainError):
    """The rules say no: the act is not allowed on these facts."""


class Conflict(DomainError):
    """Someone or something was faster: the state differs from what was shown."""


class NotKnown(DomainError):
    """A fact that is needed is missing. Unknown is never read as zero."""


class InvalidInput(DomainError):
    """What was entered cannot be read or cannot be true.

    Args:
        code: stable code of the mistake.
        field: name of the field to mark; empty where the caller knows it.
        facts: what the sentence names.
    """

    field: str

    def __init__(self, code: str, *, field: str = "", **facts: object) -> None:
        """Keep the field beside the facts."""
        super().__init__(code, **facts)
        self.field = field

    def at(self, field: str) -> InvalidInput:
        """Return the same mistake, marked at a field."""
        return type(self)(self.code, field=field, **self.facts)


class InvalidInputs(DomainError):
    """All mistakes of one form at once.

    Args:
        mistakes: at least one, each with its field.
    """

    mistakes: tuple[InvalidInput, ...]

    def __init__(self, mistakes: Iterable[InvalidInput]) -> None:
        """Keep the mistakes in the order they were found."""
        self.mistakes = tuple(mistakes)
        super().__init__("input.mistakes", count=len(self.mistakes))


class PolicyNotKnown(NotKnown):
    """The policy pack of a region does not answer for this day.

    Args:
        region: region id.
        day: the day that was asked for.
        known_from: first day the pack answers for.
        known_through: last day the pack answers for, inclusive.
    """

    def __init__(self, region: str, day: date, known_from: date, known_through: date) -> None:
        """Name the day and the days that are known."""
        super().__init__(
            "policy.day_not_known",
            region=region,
            day=day,
            known_from=known_from,
            known_through=known_through,
        )
