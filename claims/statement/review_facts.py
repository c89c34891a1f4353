"""What a second person compares: the paper as entered, the person as recorded, the version before."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from claims.models import BillItem, BillVersion, Settlement
from claims.statement.amounts import cost_split, payment_split
from claims.statement.found import replaced_version
from claims.statement.sheet import Fact
from claims.statement.stored import in_active_language, stored_settlement
from config.money import format_yuan
from config.policy.region import Disease
from enrollment.models import Category

USES = ("basic", "catastrophic", "assistance", "supplementary")


@dataclass(frozen=True)
class Difference:
    """One part that is not what it was in the version before; `change` is signed."""

    label: str
    before: str
    now: str
    change: str
    is_less: bool


@dataclass(frozen=True)
class ItemLine:
    """One line of the worksheet."""

    line: int
    name: str
    item_class: str
    amount: str
    self_paid: str


def paper_facts(figures: BillVersion) -> tuple[Fact, ...]:
    """Return what the paper says, as the desk entered it."""
    bill = figures.bill
    received = str(figures.received_on) if figures.received_on else "—"
    aid = f"{format_yuan(figures.other_aid_fen)} {figures.other_aid_payer}".strip()
    return (
        Fact(_("Invoice"), f"{bill.invoice_code} {bill.invoice_number} ({bill.issue})".strip()),
        Fact(_("Kind"), figures.get_kind_display()),
        Fact(_("Paid to"), figures.get_payee_display()),
        Fact(_("Received on"), received),
        Fact(_("Referred"), _("Yes") if figures.referred else _("No")),
        Fact(_("Third party"), figures.get_third_party_display()),
        Fact(_("Total cost"), format_yuan(figures.total_fen)),
        Fact(_("Other aid"), aid),
    )


def person_facts(version: Settlement) -> tuple[Fact, ...]:
    """Return what was recorded of the person on the deciding day and decided the rules."""
    region = stored_settlement(version).book.trees[str(version.release_id)].region
    disease = region.diseases.get(version.bill_version.disease)
    categories = dict.fromkeys(getattr(version, f"category_{use}") for use in USES)
    return (
        Fact(_("Cover"), _covers().get(version.cover, version.cover)),
        Fact(_("Grade"), _grades().get(version.grade, version.grade)),
        Fact(_("Categories"), ", ".join(_category(word) for word in categories)),
        Fact(_("Age group"), _age_groups().get(version.age_group, version.age_group)),
        Fact(_("Disease"), _disease(disease)),
        Fact(_("Certified"), _("Yes") if version.is_certified else _("No")),
        Fact(_("Rules"), version.release.digest[:12]),
    )


def differences(version: Settlement) -> tuple[Difference, ...]:
    """Return the parts that changed against the version it replaces; nothing for a first one."""
    replaced = replaced_version(version)
    if replaced is None:
        return ()
    labels = _labels(version)
    now, before = (
        {code: getattr(each, f"{code}_fen") for code in labels} for each in (version, replaced)
    )
    return tuple(
        Difference(
            labels[code],
            format_yuan(before[code]),
            format_yuan(now[code]),
            format_yuan(now[code] - before[code]),
            now[code] < before[code],
        )
        for code in now
        if now[code] != before[code]
    )


def item_lines(figures: BillVersion) -> tuple[ItemLine, ...]:
    """Return the worksheet, in the order of its lines."""
    items = BillItem.objects.filter(bill_version=figures).order_by("line")
    return tuple(
        ItemLine(
            item.line,
            item.item_name,
            item.get_item_class_display(),
            format_yuan(item.amount_fen),
            format_yuan(
                item.fully_self_paid_fen + item.over_limit_price_fen + item.self_pay_first_fen
            ),
        )
        for item in items
    )


def _labels(version: Settlement) -> dict[str, str]:
    stored = stored_settlement(version)
    return {line.code: line.label for line in (*cost_split(stored), *payment_split(stored))}


def _covers() -> dict[str, str]:
    return {
        "covered": _("Covered"),
        "waiting": _("Waiting period"),
        "not_covered": _("Not covered"),
        "duplicate": _("Duplicate cover"),
        "none": _("No record"),
    }


def _grades() -> dict[str, str]:
    return {"none": "—", "grade_1": _("Grade one"), "grade_2": _("Grade two")}


def _age_groups() -> dict[str, str]:
    return {"minor": _("Minor"), "adult": _("Adult"), "senior": _("Elderly")}


def _category(word: str) -> str:
    return str(Category(word).label) if word in Category.values else _("No category")


def _disease(disease: Disease | None) -> str:
    if disease is None:
        return "—"
    return in_active_language(disease.name_zh, disease.name_en)
