"""The one-page statement (一单制结算单): every text and figure of the sheet, ready to be placed."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from claims.models import Act, CareType, Outcome, Settlement
from claims.settlement.reasons import REASON_ROW, REASONS
from claims.statement.amounts import (
    Amount,
    ShareLine,
    cost_split,
    own_purses,
    own_scope,
    payment_split,
    share_lines,
)
from claims.statement.footnotes import Footnote, Footnotes
from claims.statement.found import replaced_version
from claims.statement.limit_lines import LimitLine, limit_lines
from claims.statement.marks import Mark, PrintFacts, marks_of, release_text
from claims.statement.stored import StoredSettlement, in_active_language, stored_settlement
from claims.statement.tier_rows import TierRow, red_letter_rows, tier_rows

INSTANT = "%Y-%m-%d %H:%M"
DENSE_FROM, DENSEST_FROM = 20, 34
# Marks that also stand across the whole sheet: nobody may take it for one that holds.
WATERMARKED = ("void", "superseded")


@dataclass(frozen=True)
class Fact:
    """One line of the head: label and value."""

    label: str
    value: str
    is_wide: bool = False


@dataclass(frozen=True)
class Sheet:
    """Everything one sheet prints.

    Attributes:
        density: 0 to 2; how close the lines stand, so that the sheet stays one page.
    """

    number: str
    title: str
    office: str
    marks: tuple[Mark, ...]
    facts: tuple[Fact, ...]
    cost: tuple[Amount, ...]
    payment: tuple[Amount, ...]
    scope: tuple[Amount, ...]
    purses: tuple[Amount, ...]
    tiers: tuple[TierRow, ...]
    shares: tuple[ShareLine, ...]
    limits: tuple[LimitLine, ...]
    footnotes: tuple[Footnote, ...]
    has_unverified: bool
    notes: tuple[str, ...]
    release: str
    made_by: str
    released_by: str
    printed: PrintFacts | None
    contact: str
    is_red: bool
    density: int
    watermark: str = ""


def statement_number(version: Settlement) -> str:
    """Return the number of a statement: number of the bill and version."""
    return f"{version.bill.number}-{version.version}"


def sheet_of(version: Settlement, latest: Settlement, printed: PrintFacts | None = None) -> Sheet:
    """Return the sheet of a version; of a reversal the red-letter sheet (红字冲销单).

    Args:
        version: as `claims.statement.found.statement_version` reads it.
        latest: last version of the same bill.
        printed: the print; None on the screen.
    """
    is_red = is_reversal(version)
    told = version.supersedes if is_red else version
    stored = stored_settlement(told)
    sign = -1 if is_red else 1
    footnotes = Footnotes()
    tiers = red_letter_rows(stored) if is_red else tier_rows(stored, footnotes)
    limits = () if is_red else limit_lines(stored)
    notes = _notes(version, latest, stored)
    released = getattr(version, "release_row", None)
    marks = marks_of(version, latest, printed)
    return Sheet(
        number=statement_number(version),
        title=_("Red-letter sheet of a reversal") if is_red else _("One-stop settlement statement"),
        office=version.office.name,
        marks=marks,
        facts=_facts(version, told),
        cost=cost_split(stored, sign),
        payment=payment_split(stored, sign),
        scope=own_scope(stored, sign),
        purses=own_purses(stored, sign),
        tiers=tiers,
        shares=share_lines(stored, sign),
        limits=limits,
        footnotes=tuple(footnotes.notes),
        has_unverified=footnotes.has_unverified,
        notes=notes,
        release=release_text(version, latest),
        watermark=next((mark.text for mark in marks if mark.code in WATERMARKED), ""),
        made_by=str(version.actor or _("Facility interface")),
        released_by=str(released.actor or "") if released and released.kind == "person" else "",
        printed=printed,
        contact=" ".join(part for part in (version.office.address, version.office.phone) if part),
        is_red=is_red,
        density=_density(tiers, footnotes, notes),
    )


def _facts(version: Settlement, told: Settlement) -> tuple[Fact, ...]:
    figures, person = told.bill_version, version.bill.person
    facility = _("%(facility)s (%(level)s)") % {
        "facility": figures.facility.name,
        "level": _level_text(told.level),
    }
    is_stay = figures.care_type == CareType.INPATIENT
    days = max((figures.discharged_on - figures.admitted_on).days, 1)
    care = _("%(first)s to %(last)s, %(days)s days") % {
        "first": figures.admitted_on,
        "last": figures.discharged_on,
        "days": days,
    }
    return (
        Fact(_("Name"), person.name),
        Fact(
            _("ID number (last four), year of birth"),
            f"{person.masked_id} · {person.birth_year}",
        ),
        Fact(_("Facility"), facility),
        Fact(_("Care type"), figures.get_care_type_display()),
        Fact(_("Stay"), care) if is_stay else Fact(_("Day of care"), str(figures.discharged_on)),
        Fact(_("Place of care"), figures.get_off_area_display()),
        Fact(_("Invoice"), f"{version.bill.invoice_code} {version.bill.invoice_number}".strip()),
        Fact(_("Settled at"), f"{localtime(version.at):{INSTANT}}"),
    )


def _level_text(level: int) -> str:
    names = (_("Below level one, or township"), _("Level one"), _("Level two"), _("Level three"))
    return names[level]


def _notes(version: Settlement, latest: Settlement, stored: StoredSettlement) -> tuple[str, ...]:
    """Return the sentences about this sheet and other sheets, and about a refusal."""
    found = []
    replaced = version.supersedes if is_reversal(version) else replaced_version(version)
    if replaced is not None:
        facts = {"number": statement_number(replaced), "reason": version.reason or "—"}
        found.append(_replacing(version) % facts)
    if latest.pk != version.pk and not is_reversal(version):
        found.append(_what_holds(latest) % {"number": statement_number(latest)})
    if version.outcome == Outcome.REFUSED:
        found.append(refusal_text(version.reason_code))
    if not is_reversal(version) and not stored.has_trace:
        found.append(_("Settled by the national platform; stored as received."))
    return tuple(found)


def _replacing(version: Settlement) -> str:
    if is_reversal(version):
        return _("Reverses statement %(number)s. Reason: %(reason)s")
    if version.act == Act.RESETTLE:
        return _("Settled again because an earlier bill (%(reason)s) changed; replaces %(number)s.")
    return _("Replaces statement %(number)s. Reason: %(reason)s")


def _what_holds(latest: Settlement) -> str:
    if is_reversal(latest):
        return _("Taken back by the red-letter sheet %(number)s.")
    return _("See statement %(number)s for what holds now.")


def is_reversal(version: Settlement) -> bool:
    """Tell whether a version takes another one back."""
    return version.outcome == Outcome.REVERSED


def refusal_text(code: str) -> str:
    """Return the numbered reason of a refusal in the active language."""
    reason = REASONS[REASON_ROW[code]]
    sentence = in_active_language(reason.sentence_zh, reason.sentence_en)
    return _("Refused (%(code)s): %(sentence)s") % {"code": code, "sentence": sentence}


def _density(tiers: tuple[TierRow, ...], footnotes: Footnotes, notes: tuple[str, ...]) -> int:
    """Estimate how many lines the sheet needs; the print makes sure of it by its pages."""
    sentences = sum(len(row.sentences) for row in tiers)
    lines = 2 * sentences + len(footnotes.notes) + len(notes)
    return (lines >= DENSE_FROM) + (lines >= DENSEST_FROM)
