"""The pack, asked one bill at a time; answers are remembered, never tabled."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from tests.reference.facts import Bill, Person

# The selectors each key may name, as the format of the packs fixes them.
SELECTORS = {
    "basic.rate": ("care_type", "level", "grade", "disease", "age_group"),
    "basic.fixed_sum": ("care_type", "disease", "level", "grade"),
    "basic.deductible": ("care_type", "level", "grade", "disease", "age_group", "category"),
    "basic.deductible_order_share": ("care_type", "order", "level"),
    "basic.deductible_category_share": ("care_type", "category"),
    "basic.deductible_sum_cap": ("grade", "category"),
    "basic.age_bonus": ("age_group", "care_type", "level", "grade"),
    "basic.category_bonus": ("category", "care_type", "level", "grade"),
    "basic.points_off": ("off_area", "care_type", "level"),
    "basic.factor": ("off_area", "care_type", "level", "disease"),
    "basic.off_area_rate": ("off_area", "care_type", "level", "grade"),
    "basic.off_area_deductible": ("off_area", "care_type", "level", "grade"),
    "basic.local_terms": ("category",),
    "basic.guaranteed_minimum": ("off_area", "care_type", "level"),
    "basic.per_visit_limit": ("care_type", "level", "grade", "disease"),
    "basic.counts_into": ("care_type", "level", "grade", "disease"),
    "catastrophic.deductible": ("category",),
    "catastrophic.band_basis": (),
    "catastrophic.brackets": ("category",),
    "catastrophic.counts_into": ("category",),
    "catastrophic.base_self_pay_first": (),
    "catastrophic.base_deductible": (),
    "catastrophic.base_above_cap": (),
    "catastrophic.base_unfiled_cut": (),
    "catastrophic.base_item_excess": (),
    "catastrophic.care_counts": ("care_type", "disease"),
    "catastrophic.on_rule_change": (),
    "catastrophic.on_category_change": (),
    "assistance.kind_condition": ("kind",),
    "assistance.rate": ("category", "kind", "care_type", "level"),
    "assistance.deductible": ("category", "kind", "care_type"),
    "assistance.deductible_per": (),
    "assistance.counts_into": ("category", "kind", "care_type"),
    "assistance.requires": ("category", "kind"),
    "assistance.base_deductible": (),
    "assistance.base_above_cap": (),
    "assistance.base_item_excess": (),
    "assistance.base_unfiled_cut": (),
    "assistance.care_counts": ("care_type", "disease"),
    "assistance.on_late_status": (),
    "assistance.late_status_supplementary": (),
    "supplementary.rate": ("category", "care_type"),
    "supplementary.threshold": ("category", "care_type"),
    "supplementary.threshold_per": (),
    "supplementary.requires": ("category",),
    "supplementary.counts_into": ("category", "care_type"),
    "coverage.cover_day": (),
    "coverage.paper_deadline": (),
}
LIMIT_SELECTORS = {
    "basic": ("category", "grade", "disease", "care_type", "age_group", "level"),
    "catastrophic": ("category", "grade", "disease", "care_type", "age_group", "level"),
    "assistance": ("category", "kind", "care_type", "grade"),
    "supplementary": ("category", "care_type", "grade"),
}
USES = ("basic", "catastrophic", "assistance", "supplementary")


class NotKnown(Exception):
    """A tier needs a value that the pack does not know: the bill is held (H05)."""


@dataclass(frozen=True)
class Asked:
    """Everything a rule may be chosen by, for one bill on its deciding day."""

    day: date
    care_type: str
    level: int | None
    grade: str
    age_group: str
    disease: str
    off_area: str
    category_by_use: tuple[tuple[str, str], ...]
    kind: str = ""
    order: int = 1

    def category(self, use: str) -> str:
        """Category ranked first for the use."""
        return dict(self.category_by_use)[use]

    def with_(self, **changes) -> "Asked":
        """Ask the same with something changed."""
        return replace(self, **changes)


class Rulebook:
    """A policy tree with a memory of what it already answered."""

    def __init__(self, tree, limit_subjects: dict[str, str]):
        self.tree = tree
        self.limit_subjects = limit_subjects
        self.first_day, self.last_day = tree.region.known[0], tree.region.known[1]
        self._remembered: dict = {}
        self._periods: dict[date, int] | None = None

    @classmethod
    def of(cls, tree, pack) -> "Rulebook":
        """Open the book of a pack; a limit's categories are those of its own subject file."""
        return cls(
            tree,
            {
                name.removeprefix("limits."): key.subject
                for name, key in pack.keys.items()
                if name.startswith("limits.")
            },
        )

    def is_listed(self, disease: str) -> bool:
        """Say whether the region lists the disease as a serious one."""
        found = self.tree.region.diseases.get(disease)
        return found is not None and found.is_listed

    def knows(self, day: date) -> bool:
        """Say whether the pack speaks about the day."""
        return self.first_day <= day <= self.last_day

    def ask(self, key: str, asked: Asked, day: date | None = None, category: str | None = None):
        """Return the tree's answer, or None where an optional key is silent."""
        day = day or asked.day
        subject, _, rest = key.partition(".")
        names = SELECTORS.get(key)
        if names is None:
            subject = self.limit_subjects[rest]
            names = LIMIT_SELECTORS[subject]
        chosen = []
        for name in names:
            if name == "category":
                chosen.append(category or asked.category(subject))
            else:
                chosen.append(getattr(asked, name))
        memory = (key, day, *chosen)
        if memory not in self._remembered:
            selectors = dict(zip(names, chosen, strict=True))
            self._remembered[memory] = self.tree.ask(key, day, **selectors)
        return self._remembered[memory]

    def word(self, key: str, asked: Asked) -> str:
        """Return the answer of a switch."""
        return self.ask(key, asked).value

    def is_in(self, key: str, asked: Asked) -> bool:
        """Say whether a switch reads `in`."""
        return self.word(key, asked) == "in"

    def value_or(self, key: str, asked: Asked, neutral):
        """Return the value of an optional key, or what holds where it is silent."""
        answer = known(self.ask(key, asked))
        return neutral if answer is None else answer.value

    def asked_for(self, bill: Bill, person: Person, categories=None) -> Asked:
        """Collect what rules may be chosen by on the bill's deciding day."""
        day = bill.discharged_on
        spells = bill.categories if categories is None else categories
        held = [spell.word for spell in spells if spell.holds_on(day)]
        return Asked(
            day=day,
            care_type=bill.care_type,
            level=bill.level,
            grade=person.grade,
            age_group=self.tree.age_group(person.born_on, day),
            disease=bill.disease,
            off_area=bill.off_area,
            category_by_use=tuple((use, self.tree.category(use, held)) for use in USES),
        )

    def term_period(self, day: date) -> int:
        """Number the runs of days over which no category's catastrophic terms change.

        Day by day through the known years: slow, and independent of any index of changes.
        """
        if self._periods is None:
            self._periods = {}
            number, before, each = 0, None, self.first_day
            while each <= self.last_day:
                terms = self._terms_of_everyone(each)
                if before is not None and terms != before:
                    number += 1
                self._periods[each] = number
                before, each = terms, each + timedelta(days=1)
        return self._periods[day]

    def _terms_of_everyone(self, day: date) -> list:
        basis = self.tree.ask("catastrophic.band_basis", day)
        terms = [basis.value]
        for category in (*self.tree.region.ranks["catastrophic"], "none"):
            for key in ("catastrophic.deductible", "catastrophic.brackets"):
                answer = self.tree.ask(key, day, category=category)
                value = answer.value if answer.status == "offered" else None
                terms.append((answer.status, value, answer.is_unlimited))
        return terms


def known(answer):
    """Return the answer; raise where the pack says that it is not known."""
    if answer is not None and answer.status == "not_known":
        raise NotKnown
    return answer
