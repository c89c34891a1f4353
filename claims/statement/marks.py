"""What a statement is worth today: current, corrected, reversed, waiting, a copy, a demonstration."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import Outcome, ReleaseKind, Settlement
from config.policy.models import PolicyRelease

CURRENT, VOID, SUPERSEDED = "current", "void", "superseded"
TEXTS: dict[str, str | Promise] = {
    "void": gettext_lazy("Reversed, void"),
    "superseded": gettext_lazy("Corrected, replaced by a later version"),
    "red_letter": gettext_lazy("Red letter"),
    "waiting": gettext_lazy("Waiting for review, not payable"),
    "copy": gettext_lazy("Copy, reprint %(copy)s"),
    "copy_elsewhere": gettext_lazy("Copy"),
    "demonstration": gettext_lazy("Demonstration, not a voucher"),
}


@dataclass(frozen=True)
class Mark:
    """One stamp across the sheet."""

    code: str
    text: str


@dataclass(frozen=True)
class PrintFacts:
    """One print of a sheet; the screen has none.

    Attributes:
        copy: 1 for the first print; what follows are reprints.
        is_elsewhere: printed by another office, which never holds the original.
    """

    copy: int
    operator: str
    at_text: str
    is_elsewhere: bool = False


def standing_of(version: Settlement, latest: Settlement) -> str:
    """Return what later versions of the bill made of this one."""
    if version.pk == latest.pk:
        return CURRENT
    return VOID if latest.outcome == Outcome.REVERSED else SUPERSEDED


def is_waiting(version: Settlement) -> bool:
    """Tell whether a version still needs its second person."""
    return getattr(version, "release_row", None) is None


def marks_of(
    version: Settlement, latest: Settlement, printed: PrintFacts | None
) -> tuple[Mark, ...]:
    """Return the marks of a sheet, the gravest first."""
    standing = standing_of(version, latest)
    is_red = version.outcome == Outcome.REVERSED
    found = {
        "void": standing == VOID and not is_red,
        "superseded": standing == SUPERSEDED and not is_red,
        "red_letter": is_red,
        "waiting": standing == CURRENT and is_waiting(version),
        "copy": printed is not None and printed.copy > 1 and not printed.is_elsewhere,
        "copy_elsewhere": printed is not None and printed.is_elsewhere,
        "demonstration": version.release.kind == PolicyRelease.Kind.DEMONSTRATION,
    }
    facts = {"copy": printed.copy - 1 if printed else 0}
    return tuple(Mark(code, str(TEXTS[code]) % facts) for code, holds in found.items() if holds)


def release_text(version: Settlement, latest: Settlement) -> str:
    """Return in words who released a version, or that nobody has yet or ever will."""
    released = getattr(version, "release_row", None)
    if released is None and standing_of(version, latest) != CURRENT:
        return _("It was never released; nothing was paid on it.")
    if released is None:
        return _("Waiting for a second person.")
    if released.kind == ReleaseKind.LINE:
        return _("Released at confirmation, within the release line of the office.")
    return _("Released by %(name)s.") % {"name": released.actor or ""}
