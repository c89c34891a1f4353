"""One rule row: what the pack answers for one combination, written into the columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from claims.settlement.rule_values import (
    TooWide,
    adjusted_rate,
    bands_of,
    half_up,
    whole_number,
    write_scale,
)
from claims.settlement.table import (
    COST_BASIS,
    KINDS,
    LIMITS,
    NOT_OFFERED,
    OFFERED,
    ON_CHANGE,
    ORDERS,
    STATUS,
)
from config.money import PPM
from config.policy.tree import Condition, Step

if TYPE_CHECKING:
    from datetime import date

    from claims.settlement.table import RuleTable
    from config.policy.tree import Answer, PolicyTree

REQUIREMENTS = {
    "referred": "needs_referred",
    "filed": "needs_filed",
    "in_province": "needs_province",
}


class Combination(NamedTuple):
    """What selects the rules of a bill; days with the same answers share `day`."""

    day: date
    care_type: str
    level: int
    grade: str
    off_area: str
    age_group: str
    disease: str
    category_basic: str
    category_catastrophic: str
    category_assistance: str
    category_supplementary: str


class RowWriter:
    """Writes the answers of one tree for one combination into one row of a table."""

    def __init__(
        self,
        tree: PolicyTree,
        table: RuleTable,
        slot_of: dict[str, int],
        row: int,
        combination: Combination,
    ) -> None:
        self.tree, self.table, self.slot_of, self.row, self.combination = (
            tree,
            table,
            slot_of,
            row,
            combination,
        )
        self.basic_for = {
            "care_type": combination.care_type,
            "level": combination.level,
            "grade": combination.grade,
            "off_area": combination.off_area,
            "age_group": combination.age_group,
            "disease": combination.disease,
            "category": combination.category_basic,
        }

    def write(self) -> None:
        """Fill the row: basic, catastrophic, assistance, supplementary."""
        self._write_basic()
        self._write_catastrophic()
        self._write_assistance()
        self._write_supplementary()

    def _set(self, name: str, value: int, *index: int) -> None:
        self.table.rules[name][(*index, self.row)] = value

    def _ask(self, key: str, selectors: dict[str, object]) -> Answer | None:
        return self.tree.ask(key, self.combination.day, **selectors)

    def _number(self, key: str, selectors: dict[str, object], neutral: int) -> int:
        answer = self._ask(key, selectors)
        return neutral if answer is None else whole_number(answer)

    def _word(self, key: str, selectors: dict[str, object]) -> str:
        answer = self._ask(key, selectors)
        return "" if answer is None else str(answer.value)

    def _write_basic(self) -> None:
        selectors = dict(self.basic_for)
        if self._word("basic.local_terms", selectors) == "applies":
            selectors["off_area"] = "none"
        fixed = self._ask("basic.fixed_sum", selectors)
        rate = self._ask("basic.rate", selectors) if fixed is None else fixed
        own = (
            self._ask("basic.off_area_rate", selectors)
            if fixed is None and selectors["off_area"] != "none"
            else None
        )
        if own is not None and rate is not None and _replaces(own, rate):
            rate = own
        status = STATUS[rate.status] if rate is not None else NOT_OFFERED
        self._set("basic_status", status)
        if status != OFFERED or rate is None:
            self._set("basic_unknown", int(status != NOT_OFFERED))
            return
        if fixed is not None:
            self._set("basic_is_fixed", 1)
            self._set("basic_fixed_fen", whole_number(fixed))
        else:
            self._write_rate(rate, own, selectors)
            self._write_deductible(selectors)
        visit = self._ask("basic.per_visit_limit", selectors)
        self._set("basic_visit_open", int(visit is None or visit.is_unlimited))
        if visit is not None and not visit.is_unlimited:
            self._set("basic_visit_fen", whole_number(visit))
        self._write_limits("basic", selectors, ())

    def _write_rate(self, rate: Answer, own: Answer | None, selectors: dict[str, object]) -> None:
        bands = bands_of(own or rate)
        if own is None:
            points = (
                self._number("basic.age_bonus", selectors, 0)
                + self._number("basic.category_bonus", selectors, 0)
                - self._number("basic.points_off", selectors, 0)
            )
            factor = self._number("basic.factor", selectors, PPM)
            bands = [
                Step(step.over_fen, adjusted_rate(step.pay_ppm, points, factor)) for step in bands
            ]
        self.table.bands = max(self.table.bands, len(bands))
        write_scale(self.table.rules["basic_over"], self.table.rules["basic_step"], self.row, bands)
        self._set("basic_rate", bands[0].pay_ppm)
        self._set("basic_floor", self._number("basic.guaranteed_minimum", selectors, 0))

    def _write_deductible(self, selectors: dict[str, object]) -> None:
        own = (
            self._ask("basic.off_area_deductible", selectors)
            if selectors["off_area"] != "none"
            else None
        )
        answer = own or self._ask("basic.deductible", selectors)
        if answer is None or answer.status != "offered":
            self._set("basic_unknown", 1)
            return
        standard = whole_number(answer)
        is_yearly = own is None and answer.accumulator_id is not None
        self._set("basic_is_yearly", int(is_yearly))
        self._set("basic_deductible_slot", self._slot(answer.accumulator_id) if is_yearly else -1)
        for order in range(ORDERS):
            by_order = (
                standard
                if is_yearly or own is not None
                else self._shared(standard, order + 1, selectors)
            )
            self._set("basic_deductible_fen", by_order, order)
        cap = self._ask("basic.deductible_sum_cap", selectors)
        self._set("basic_sum_cap_slot", -1 if cap is None else self._slot(cap.accumulator_id))
        self._set("basic_sum_cap_open", int(cap is None or cap.is_unlimited))
        if cap is not None and not cap.is_unlimited:
            self._set("basic_sum_cap_fen", whole_number(cap))

    def _shared(self, standard_fen: int, order: int, selectors: dict[str, object]) -> int:
        """Deductible x order share x category share, exact, rounded half-up once (settlement.md 4)."""
        order = min(order, self.tree.region.admission_orders)
        by_order = self._number("basic.deductible_order_share", selectors | {"order": order}, PPM)
        by_category = self._number("basic.deductible_category_share", selectors, PPM)
        return half_up(standard_fen * by_order * by_category, PPM * PPM)

    def _write_limits(
        self, tier: str, selectors: dict[str, object], index: tuple[int, ...]
    ) -> None:
        answer = self._ask(f"{tier}.counts_into", selectors)
        ids = self._words_of(answer)
        if len(ids) > LIMITS:
            raise TooWide(f"{tier}.counts_into names {len(ids)} limits; {LIMITS} are provided for")
        self.table.limits[tier] = max(self.table.limits[tier], len(ids))
        for number in range(LIMITS):
            self._set(f"{tier}_limit_slot", -1, number, *index)
        for number, limit_id in enumerate(ids):
            limit = self._ask(f"limits.{limit_id}", self._limit_selectors(limit_id, selectors))
            self._set(f"{tier}_limit_slot", self._slot(limit_id), number, *index)
            if limit is None or limit.status != "offered":
                self._set(f"{tier}_limit_unknown", 1, number, *index)
                self._set(f"{tier}_limit_open", 1, number, *index)
                continue
            self._set(f"{tier}_limit_open", int(limit.is_unlimited), number, *index)
            if not limit.is_unlimited:
                self._set(f"{tier}_limit_fen", whole_number(limit), number, *index)
            if tier == "basic":
                self._set("basic_limit_item", int(limit.role == "item"), number)

    def _limit_selectors(self, limit_id: str, selectors: dict[str, object]) -> dict[str, object]:
        """The category a limit means is the one ranked for the subject that defines it."""
        subject = self.tree.subject_of(f"limits.{limit_id}")
        return selectors | {"category": getattr(self.combination, f"category_{subject}")}

    def _write_catastrophic(self) -> None:
        selectors: dict[str, object] = self.basic_for | {
            "category": self.combination.category_catastrophic
        }
        for switch in (
            "base_deductible",
            "base_above_cap",
            "base_item_excess",
            "base_unfiled_cut",
            "base_self_pay_first",
        ):
            self._set(
                f"catastrophic_{switch}",
                int(self._word(f"catastrophic.{switch}", selectors) == "in"),
            )
        self._set(
            "catastrophic_counts", int(self._word("catastrophic.care_counts", selectors) == "in")
        )
        self._set(
            "catastrophic_rule_mode",
            ON_CHANGE[self._word("catastrophic.on_rule_change", selectors)],
        )
        self._set(
            "catastrophic_category_mode",
            ON_CHANGE[self._word("catastrophic.on_category_change", selectors)],
        )
        self._write_limits("catastrophic", selectors, ())

    def _write_assistance(self) -> None:
        base: dict[str, object] = self.basic_for | {
            "category": self.combination.category_assistance
        }
        for switch in ("base_deductible", "base_above_cap", "base_item_excess", "base_unfiled_cut"):
            self._set(f"assistance_{switch}", int(self._word(f"assistance.{switch}", base) == "in"))
        self._set("assistance_counts", int(self._word("assistance.care_counts", base) == "in"))
        self._set(
            "assistance_is_yearly", int(self._word("assistance.deductible_per", base) == "year")
        )
        kinds = self.tree.region.assistance_kinds
        if len(kinds) > KINDS:
            raise TooWide(f"{len(kinds)} assistance kinds; {KINDS} are provided for")
        self.table.kinds = max(self.table.kinds, len(kinds))
        for number, kind in enumerate(kinds):
            self._write_kind(number, base | {"kind": kind})

    def _write_kind(self, number: int, selectors: dict[str, object]) -> None:
        condition = self._ask("assistance.kind_condition", selectors)
        self._write_condition(number, condition.value if condition is not None else None)
        rate = self._ask("assistance.rate", selectors)
        status = STATUS[rate.status] if rate is not None else NOT_OFFERED
        self._set("assistance_status", status, number)
        if status == OFFERED and rate is not None:
            self._set("assistance_rate", whole_number(rate), number)
            deductible = self._ask("assistance.deductible", selectors)
            is_known = deductible is not None and deductible.status == "offered"
            self._set("assistance_unknown", int(not is_known), number)
            if is_known and deductible is not None:
                self._set("assistance_deductible_fen", whole_number(deductible), number)
        for word in self._words("assistance.requires", selectors):
            self._set(f"assistance_{REQUIREMENTS[word]}", 1, number)
        self._write_limits("assistance", selectors, (number,))

    def _write_condition(self, number: int, condition: object) -> None:
        self._set("kind_cost_fen", -1, number)
        self._set("kind_possible", 1, number)
        if not isinstance(condition, Condition):
            return
        bill = self.combination
        possible = (
            (not condition.disease_listed or _is_listed(self.tree, bill.disease))
            and (condition.level_at_least is None or bill.level >= condition.level_at_least)
            and (not condition.care_types or bill.care_type in condition.care_types)
        )
        self._set("kind_possible", int(possible), number)
        if condition.cost_over_fen is not None:
            self._set("kind_cost_fen", condition.cost_over_fen, number)
            self._set("kind_cost_basis", COST_BASIS[condition.cost or "in_scope"], number)

    def _write_supplementary(self) -> None:
        selectors: dict[str, object] = self.basic_for | {
            "category": self.combination.category_supplementary
        }
        self._set(
            "supplementary_is_yearly",
            int(self._word("supplementary.threshold_per", selectors) == "year"),
        )
        rate = self._ask("supplementary.rate", selectors)
        status = STATUS[rate.status] if rate is not None else NOT_OFFERED
        self._set("supplementary_status", status)
        if status == OFFERED and rate is not None:
            self._set("supplementary_rate", whole_number(rate))
            threshold = self._ask("supplementary.threshold", selectors)
            is_known = threshold is not None and threshold.status == "offered"
            self._set("supplementary_unknown", int(not is_known))
            if is_known and threshold is not None:
                self._set("supplementary_threshold_fen", whole_number(threshold))
        for word in self._words("supplementary.requires", selectors):
            self._set(f"supplementary_{REQUIREMENTS[word]}", 1)
        for number, kind in enumerate(self.tree.region.assistance_kinds):
            self._write_limits("supplementary", selectors | {"kind": kind}, (number,))

    def _words(self, key: str, selectors: dict[str, object]) -> tuple[str, ...]:
        return self._words_of(self._ask(key, selectors))

    @staticmethod
    def _words_of(answer: Answer | None) -> tuple[str, ...]:
        """Words or limit ids; nothing where the pack is silent."""
        if answer is None or not isinstance(answer.value, tuple):
            return ()
        return tuple(word for word in answer.value if isinstance(word, str))

    def _slot(self, accumulator_id: str | None) -> int:
        return -1 if accumulator_id is None else self.slot_of[accumulator_id]


def _is_listed(tree: PolicyTree, disease: str) -> bool:
    found = tree.region.diseases.get(disease)
    return found is not None and found.is_listed


def _replaces(own: Answer, rate: Answer) -> bool:
    """An own off-area rate stands for a rate that is not known; not known itself, it leaves the bill waiting."""
    return rate.status != "not_offered" and "not_known" in (own.status, rate.status)
