"""The page of an explanation: what the release said for a bill, and the steps written so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from claims.settlement.columns import CATEGORY_FIRST, NOT_MONEY
from claims.settlement.explain_sentences import SENTENCES
from claims.settlement.table import OLD_ALL_YEAR, ON_CHANGE
from config.money import format_ppm, format_yuan

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from claims.settlement.ledger import Figures
    from claims.settlement.rows import Combination
    from claims.settlement.rules import RuleBook
    from config.policy.citation import Citation
    from config.policy.tree import Answer
    from config.policy.tree import Step as Band


@dataclass(frozen=True)
class Step:
    """One line of the calculation.

    Attributes:
        tier: `cost`, `basic`, `catastrophic`, `assistance`, `supplementary` or `share`.
        code: stable name of the step.
        operands: names of `columns.OUTPUTS` and of rule values, in fen, ppm or counts.
        result_fen: what the line comes to.
        citations: clauses of every value used, in the order of use, none twice.
        sentence_zh, sentence_en: the line in words.
    """

    tier: str
    code: str
    operands: dict[str, int]
    result_fen: int
    citations: tuple[Citation, ...]
    sentence_zh: str
    sentence_en: str


class Page:
    """Collects the steps of one paid settlement.

    Args:
        book: rules of the release the settlement points to.
        release: key of that release in the book.
        combination: what selects the rules of the bill.
        figures: stored parts and trace.
        opening: accumulators before the bill, fen by id.
    """

    def __init__(
        self,
        book: RuleBook,
        release: str,
        combination: Combination | None,
        figures: Figures,
        opening: Mapping[str, int],
    ) -> None:
        self.book, self.tree = book, book.trees[release]
        self.release, self.combination = release, combination
        self.figures, self.opening = figures, opening
        self.steps: list[Step] = []

    def fen(self, name: str) -> int:
        """A stored part or intermediate."""
        return int(self.figures.get(name, 0))

    @property
    def bill(self) -> Combination:
        """What selects the rules; asked only where a bill was paid by the tiers."""
        if self.combination is None:
            raise LookupError("no rule belongs to this bill")
        return self.combination

    @property
    def row(self) -> int:
        """Row of the rule table the bill was settled by."""
        return self.book.row(self.release, self.bill)

    @property
    def basic_off_area(self) -> str:
        """The off-area state of the basic terms: people on local terms are treated at home."""
        local = self._ask("basic.local_terms", "basic", {})
        is_local = local is not None and local.value == "applies"
        return "none" if is_local else self.bill.off_area

    def answer(self, key: str, use: str, **more: str | int) -> Answer | None:
        """What the release says for this bill; `use` picks the ranked category."""
        if use == "basic":
            off_area = self.basic_off_area
            if off_area == "none" and key.startswith("basic.off_area_"):
                return None
            return self._ask(key, use, {"off_area": off_area, **more})
        return self._ask(key, use, more)

    def _ask(self, key: str, use: str, more: Mapping[str, str | int]) -> Answer | None:
        bill = self.bill
        if key.startswith("limits."):
            # The category a limit means is the one ranked for the subject that defines it.
            use = self.tree.subject_of(key)
        selectors: dict[str, str | int] = {
            "care_type": bill.care_type,
            "level": bill.level,
            "grade": bill.grade,
            "off_area": bill.off_area,
            "age_group": bill.age_group,
            "disease": bill.disease,
            "category": str(getattr(bill, f"category_{use}")),
            "kind": self.tree.region.assistance_kinds[self.fen("assistance_kind")],
        }
        return self.tree.ask(key, bill.day, **{**selectors, **more})

    def terms(self, key: str) -> Answer | None:
        """A catastrophic term as it was in force: under `old_all_year` that of another day or category."""
        day, category = self.bill.day, self.bill.category_catastrophic
        if self._mode("catastrophic.on_rule_change") == OLD_ALL_YEAR:
            day = self._new_year(day)
        first = self.opening.get(CATEGORY_FIRST, 0)
        if first and self._mode("catastrophic.on_category_change") == OLD_ALL_YEAR:
            category = self.book.categories[first - 1]
        return self.tree.ask(key, day, category=category)

    def _mode(self, key: str) -> int:
        answer = self.answer(key, "catastrophic")
        return ON_CHANGE[str(answer.value)] if answer is not None else -1

    def _new_year(self, day: date) -> date:
        return max(day.replace(month=1, day=1), self.tree.region.known_from)

    def cite(self, use: str, *keys: str) -> tuple[Citation, ...]:
        """Clauses of what the release says under these keys."""
        return cited(*(self.answer(key, use) for key in keys))

    def limits(self, tier: str) -> tuple[str, ...]:
        """Keys of the limits the bill drew on, after the key that lists them."""
        key = f"{tier}.counts_into"
        answer = self.answer(key, tier)
        ids = answer.value if answer is not None and isinstance(answer.value, tuple) else ()
        return (key, *(f"limits.{limit_id}" for limit_id in ids))

    def add(
        self,
        tier: str,
        code: str,
        result: str,
        names: Sequence[str] = (),
        citations: tuple[Citation, ...] = (),
        *,
        wording: str = "",
        **extra: int | str,
    ) -> None:
        """Write one step.

        Args:
            tier: heading of the step.
            code: stable name of the step.
            result: name of the figure the line comes to.
            names: figures that stand in it.
            citations: clauses of the rule values in it.
            wording: key of the sentence where it is not the code.
            extra: rule values (numbers are operands) and texts of the sentence.
        """
        operands = {name: self.fen(name) for name in names} | {
            name: value for name, value in extra.items() if isinstance(value, int)
        }
        texts = {name: _text(name, value) for name, value in operands.items()} | {
            name: value for name, value in extra.items() if isinstance(value, str)
        }
        texts["result"] = format_yuan(self.fen(result))
        chinese, english = (sentence.format(**texts) for sentence in SENTENCES[wording or code])
        step = Step(tier, code, operands, self.fen(result), citations, chinese, english)
        self.steps.append(step)


def cited(*answers: Answer | None) -> tuple[Citation, ...]:
    """Clauses of answers in order, none twice; what the pack is silent on has none."""
    return tuple(dict.fromkeys(answer.citation for answer in answers if answer is not None))


def quantity(answer: Answer | None) -> int:
    """Fen or ppm of an answer; 0 where the pack is silent."""
    return answer.value if answer is not None and isinstance(answer.value, int) else 0


def band_texts(bands: Sequence[Band]) -> dict[str, str]:
    """Bands in words of both languages; a single band is its rate."""
    if len(bands) == 1 and bands[0].over_fen == 0:
        rate = format_ppm(bands[0].pay_ppm)
        return {"bands_zh": rate, "bands_en": rate}
    words = [(format_yuan(band.over_fen), format_ppm(band.pay_ppm)) for band in bands]
    return {
        "bands_zh": "；".join(f"{over} 元以上 {rate}" for over, rate in words),
        "bands_en": "; ".join(f"above {over} {rate}" for over, rate in words),
    }


def _text(name: str, value: int) -> str:
    if name.endswith("_ppm"):
        return format_ppm(value)
    return str(value) if name in NOT_MONEY else format_yuan(value)
