"""Answers about settlements, made from the figures and steps of the kernel; nothing is computed.

Two sums are formed here under their national names (`othfund_pay`, `fund_pay_sumamt`), of whole
fen of the same stored row.
"""

from __future__ import annotations

from typing import Any

from claims.api.names import AMOUNTS, FUND_LINES, INSUTYPE_RESIDENT, MED_TYPE_OF
from claims.models import BillVersion, CareType, Outcome, Settlement
from claims.selectors.facts import stored_facts
from claims.selectors.rule_books import book_of, kernel_accumulators
from claims.services.preview import Preview
from claims.settlement.explain import Step, explain
from claims.settlement.reasons import REASON_ROW, REASONS
from claims.statement.footnotes import citation_text
from claims.statement.limits import LimitLeft, limits_left
from claims.statement.marks import is_waiting, standing_of
from claims.statement.stored import (
    FUNDS,
    StoredSettlement,
    figures_of_version,
    in_active_language,
    sentence_of,
    stored_settlement,
)
from config.policy.citation import Citation
from config.policy.models import PolicyRelease


def preview_answer(preview: Preview, person_id: str | None) -> dict[str, Any]:
    """Return a preview; of a held bill only the reason."""
    decided = preview.decided
    money = None
    if decided.outcome != "held":
        opening = kernel_accumulators(preview.book, decided.opening)
        steps = tuple(explain(preview.book, preview.facts, decided.figures, opening))
        money = _money(
            StoredSettlement(
                preview.facts, decided.figures, preview.book, steps, decided.closing, True
            )
        )
    return {
        "outcome": decided.outcome,
        "reasons": reasons_of(decided.reason),
        "psn_no": person_id,
        "preview_digest": preview.digest if person_id else None,
        "settlement": money,
    }


def version_answer(version: Settlement) -> dict[str, Any]:
    """Return a stored version; the same for ever, whatever follows it."""
    figures, bill = version.bill_version, version.bill
    return {
        "setl_id": str(version.public_id),
        "bill_id": str(bill.public_id),
        "bill_number": bill.number,
        "version": version.version,
        "act": version.act,
        "outcome": version.outcome,
        "reasons": reasons_of(version.reason_code),
        "setl_time": version.at,
        "psn_no": str(bill.person.public_id),
        "insutype": INSUTYPE_RESIDENT,
        "med_type": med_type_of(figures),
        "begndate": figures.admitted_on,
        "enddate": figures.discharged_on,
        "fixmedins_code": figures.facility.code,
        "bill_code": bill.invoice_code,
        "bill_no": bill.invoice_number,
        "settlement": _money(_stored(version)),
    }


def statement_answer(version: Settlement, latest: Settlement) -> dict[str, Any]:
    """Return a stored version and what became of it since."""
    return version_answer(version) | {
        "psn_name": version.bill.person.name,
        "certno_last4": version.bill.person.id_last4,
        "office": version.office.name,
        "standing": standing_of(version, latest),
        "latest_setl_id": str(latest.public_id),
        "is_released": not is_waiting(version),
        "is_demonstration": version.release.kind == PolicyRelease.Kind.DEMONSTRATION,
    }


def reasons_of(code: str) -> list[dict[str, str]]:
    """Return the numbered reason of a bill that is held or refused, as a list."""
    if not code:
        return []
    reason = REASONS[REASON_ROW[code]]
    return [{"code": code, "sentence": in_active_language(reason.sentence_zh, reason.sentence_en)}]


def med_type_of(figures: BillVersion) -> str:
    """Return the national code of the kind of care; a birth without a night is a visit."""
    is_visit = figures.admitted_on == figures.discharged_on
    if figures.care_type == CareType.MATERNITY and is_visit:
        return "51"
    return MED_TYPE_OF.get(figures.care_type, "")


def _stored(version: Settlement) -> StoredSettlement:
    """Return a stored version with its steps; a reversal has none."""
    if version.outcome != Outcome.REVERSED:
        return stored_settlement(version)
    book = book_of([version.release_id])
    figures = figures_of_version(version)
    return StoredSettlement(stored_facts(version), figures, book, (), version.closing, True)


def _money(shown: StoredSettlement) -> dict[str, Any]:
    limits = _limits(shown)
    return {
        **{national: sum(shown.fen(name) for name in names) for national, names in AMOUNTS.items()},
        "setldetail": [_fund_line(shown, limits, *line) for line in FUND_LINES],
        "setl_proc_info": [_step(step) for step in shown.steps if step.tier not in FUNDS],
        "limits": [
            {
                "id": limit.id,
                "payers": list(limit.tiers),
                "limit_amt": limit.limit_fen,
                "used_amt": limit.used_fen,
                "crt_payb_lmt_amt": limit.left_fen,
            }
            for limit in limits
        ],
    }


def _limits(shown: StoredSettlement) -> tuple[LimitLeft, ...]:
    if not shown.has_trace or shown.figures["outcome"] != "paid":
        return ()
    return limits_left(shown.book, shown.facts, shown.closing, shown.fen("assistance_kind"))


def _fund_line(
    shown: StoredSettlement,
    limits: tuple[LimitLeft, ...],
    payer: str,
    code: str | None,
    base: str | None,
) -> dict[str, Any]:
    """Return the line of one payer; of several limits the one that leaves least counts."""
    left = [
        limit.left_fen for limit in limits if payer in limit.tiers and limit.left_fen is not None
    ]
    return {
        "payer": payer,
        "fund_pay_type": code,
        "inscp_scp_amt": shown.fen(base) if base and shown.has_trace else None,
        "crt_payb_lmt_amt": min(left) if left else None,
        "fund_payamt": shown.fen(payer),
        "setl_proc_info": [_step(step) for step in shown.steps if step.tier == payer],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "code": step.code,
        "sentence": sentence_of(step),
        "result_amt": step.result_fen,
        "clauses": [_clause(citation) for citation in step.citations],
    }


def _clause(citation: Citation) -> dict[str, Any]:
    return {
        "text": citation_text(citation),
        "quote": citation.quote,
        "is_unverified": citation.is_unverified,
    }
