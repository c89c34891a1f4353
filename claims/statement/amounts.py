"""The splits of a statement: parts of the cost, parts of the payment, the own share twice."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from claims.statement.capitals import yuan_in_capitals
from claims.statement.shares import percent_text
from claims.statement.stored import StoredSettlement
from config.money import format_yuan


@dataclass(frozen=True)
class Amount:
    """One amount with its label.

    Attributes:
        code: stable name, the same as the stored part.
        is_sum: the line the others of its block add up to.
    """

    code: str
    label: str
    text: str
    is_sum: bool = False


@dataclass(frozen=True)
class ShareLine:
    """One amount in figures and capitals, with its shares in percent."""

    code: str
    label: str
    text: str
    capitals: str
    shares: tuple[tuple[str, str], ...] = ()


def cost_split(stored: StoredSettlement, sign: int = 1) -> tuple[Amount, ...]:
    """Return the parts of the cost, ending in the total."""
    return _block(
        stored,
        sign,
        {
            "fully_self_paid": _("Fully self-paid"),
            "over_limit_price": _("Over the price limit"),
            "self_pay_first": _("Self-pay first"),
            "in_scope": _("In scope"),
            "total": _("Total cost"),
        },
        "total",
    )


def payment_split(stored: StoredSettlement, sign: int = 1) -> tuple[Amount, ...]:
    """Return the parts of the payment, ending in the total."""
    return _block(
        stored,
        sign,
        {
            "basic": _("Basic insurance"),
            "catastrophic": _("Catastrophic insurance"),
            "assistance": _("Medical assistance"),
            "supplementary": _("Supplementary assistance"),
            "other_aid": _("Other aid"),
            "hospital_part": _("Borne by the hospital"),
            "own_share": _("Own share"),
            "total": _("Total cost"),
        },
        "total",
    )


def own_scope(stored: StoredSettlement, sign: int = 1) -> tuple[Amount, ...]:
    """Return the own share by scope: within (自付) and outside (自费)."""
    return _block(
        stored,
        sign,
        {
            "own_within": _("Within the scope"),
            "own_outside": _("Outside the scope"),
            "own_share": _("Own share"),
        },
        "own_share",
    )


def own_purses(stored: StoredSettlement, sign: int = 1) -> tuple[Amount, ...]:
    """Return the own share by purse: account and cash."""
    return _block(
        stored,
        sign,
        {
            "account_paid": _("From the own account"),
            "cash": _("Cash"),
            "own_share": _("Own share"),
        },
        "own_share",
    )


def share_lines(stored: StoredSettlement, sign: int = 1) -> tuple[ShareLine, ...]:
    """Return what the funds pay, with both shares, and what the person pays, in capitals."""
    funds, own = sign * stored.funds_fen, sign * stored.fen("own_share")
    return (
        ShareLine(
            "funds",
            _("Paid by the funds"),
            format_yuan(funds),
            yuan_in_capitals(funds),
            (
                (_("Share of the in-scope cost"), percent_text(funds, stored.fen("in_scope"))),
                (_("Share of the total cost"), percent_text(funds, stored.fen("total"))),
            ),
        ),
        ShareLine("own_share", _("Own share"), format_yuan(own), yuan_in_capitals(own)),
    )


def _block(
    stored: StoredSettlement, sign: int, labels: dict[str, str], total: str
) -> tuple[Amount, ...]:
    return tuple(
        Amount(name, label, format_yuan(sign * stored.fen(name)), name == total)
        for name, label in labels.items()
    )
