"""Random but valid packs: seeded, written as files and loaded by the real loader.

Every key, every switch, limits shared inside and between tiers, rules that change in
mid-year, values that are not offered or not known. The amounts are small enough that
deductibles, bands, caps and limits are all met within a few bills.
"""

import random
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import yaml

CARE_TYPES = ["inpatient", "general_outpatient", "chronic_special", "two_disease", "maternity"]
AWAY = [
    f"{place}{manner}"
    for place in ("in_province", "out_province")
    for manner in ("", "_unfiled", "_residence")
]
CATEGORIES = ["extreme_poverty", "minimum_living", "near_poor", "special_care", "orphan"]
DISEASES = {
    "hypertension": ["two_disease", "chronic_special"],
    "diabetes": ["two_disease"],
    "uraemia": ["inpatient", "chronic_special"],
    "tumour": ["inpatient", "chronic_special"],
}
SOURCE = {"where": "demonstration", "note": "invented"}
IN_OUT = ["in", "out"]
MODES = ["marginal", "offset", "old_all_year"]


def yuan(fen: int) -> str:
    """Write fen as the words of a pack."""
    return f"{fen // 100}.{fen % 100:02d} yuan"


class RandomPack:
    """One random pack as plain dictionaries, a file each.

    `one_rule`: nothing changes inside the known days, every value is known, assistance has
    one kind, bands pay more the higher they are, and every deductible is that of a stay.
    "limited" keeps yearly limits, "unlimited" leaves them out of the first two tiers.
    """

    def __init__(self, seed: int, *, one_rule: str = ""):
        self.rng = random.Random(seed)
        self.one_rule = one_rule
        rng = self.rng
        late_start = rng.random() < 0.25
        self.first_day = date(2021, rng.randint(2, 9), rng.randint(1, 28)) if late_start else None
        self.first_day = self.first_day or date(2021, 1, 1)
        self.last_day = date(2022, 12, 31)
        length = (self.last_day - self.first_day).days
        days = {self.first_day + timedelta(days=rng.randint(1, length)) for _ in range(5)}
        if rng.random() < 0.6:
            days.add(date(2022, 1, 1))
        self.change_days = [] if one_rule else sorted(days)
        self.region = f"{900000 + seed % 90000}_random"
        self.grades = rng.choice([["none"], ["grade_1", "grade_2"]])
        self.levels = rng.choice([[0, 1, 2, 3], [1, 2, 3]])
        self.ages = rng.choice(
            [
                {"minor": {"through": 17}, "adult": {"from": 18}},
                {"child": {"through": 5}, "other": {"from": 6, "through": 64}, "old": {"from": 65}},
            ]
        )
        self.kinds = rng.choice([["ordinary"], ["listed_disease", "large_cost", "ordinary"]])
        if one_rule:
            self.kinds = ["ordinary"]
        self.not_known_share = rng.choice([0, 0, 0.01, 0.04])
        if one_rule:
            self.not_known_share = 0
        self.ranks = {}
        for use in ("subsidy", "basic", "catastrophic", "assistance", "supplementary"):
            self.ranks[use] = rng.sample(CATEGORIES, rng.randint(1, len(CATEGORIES)))
        if rng.random() < 0.6:
            self.ranks["supplementary"] = self.ranks["assistance"]
        self.late_status = rng.choice(["assistance_only", "assistance_only", "none", "re_run"])
        self.files: dict[str, object] = {}
        self.kept_ids: tuple[str, ...] = ()

    # Parts of a file

    def spans(self) -> list[tuple[date, date]]:
        """Cut the known days at some of the change days."""
        chance = self.rng.choice([0, 0, 0.3, 0.7])
        cuts = [day for day in self.change_days if self.rng.random() < chance]
        starts = [self.first_day, *cuts]
        ends = [day - timedelta(days=1) for day in cuts] + [self.last_day]
        return list(zip(starts, ends, strict=True))

    def dated(self, chosen: dict, draw, open_to=()) -> list[dict]:
        """Give one selection a value on every known day."""
        entries = []
        for begins, ends in self.spans():
            entry = {"for": dict(chosen)} if chosen else {}
            entry |= {"from": begins, "through": ends}
            if ends == self.last_day and self.rng.random() < 0.5:
                del entry["through"]
            if "not_known" in open_to and self.rng.random() < self.not_known_share:
                entry["not_known"] = "no document at hand"
            else:
                value = draw()
                if "not_offered" in open_to and self.rng.random() < 0.06:
                    value = {"value": "not_offered"}
                entry |= value if isinstance(value, dict) else {"value": value}
                entry |= {"source": dict(SOURCE), "verified_on": date(2026, 11, 22)}
            entries.append(entry)
        return entries

    def key(self, draw, vocabularies=None, *, base=True, fine=0.5, open_to=(), **fields) -> dict:
        """Build a key: a value for everyone, then finer ones along one chain of selectors."""
        values = self.dated({}, draw, open_to) if base else []
        names = list(vocabularies or {})
        self.rng.shuffle(names)
        depth = 0
        while depth < len(names) and (self.rng.random() < fine or (not base and depth == 0)):
            depth += 1
        for reach in range(1, depth + 1):
            for chosen in self.selections({name: vocabularies[name] for name in names[:reach]}):
                values += self.dated(chosen, draw, open_to)
        return {"unit": "as each value says", **fields, "values": values}

    def selections(self, vocabularies: dict) -> list[dict]:
        """Choose distinct selections that name every selector of the chain."""
        rng = self.rng
        chosen, taken = [], set()
        for _ in range(rng.randint(1, 3)):
            one = {name: rng.choice(words) for name, words in vocabularies.items()}
            disease = one.get("disease")
            if disease in DISEASES and one.get("care_type", "") not in ("", *DISEASES[disease]):
                one["care_type"] = rng.choice(DISEASES[disease])
                if one["care_type"] not in vocabularies["care_type"]:
                    continue
            if tuple(one.items()) in taken:
                continue
            taken.add(tuple(one.items()))
            chosen.append(one)
        if len(chosen) > 1 and rng.random() < 0.3 and len(vocabularies) == 1:
            name = next(iter(vocabularies))
            return [{name: [one[name] for one in chosen]}]
        return chosen

    def vocabularies(self, *names: str, use: str = "basic") -> dict[str, list]:
        """Return the words of the selectors named."""
        words = {
            "care_type": CARE_TYPES,
            "level": self.levels,
            "grade": self.grades,
            "disease": [*DISEASES, "none"],
            "age_group": list(self.ages),
            "off_area": AWAY,
            "order": [1, 2, 3],
            "category": [*self.ranks[use], "none"],
            "kind": self.kinds,
        }
        return {name: words[name] for name in names}

    # Draws

    def money(self, low: int, high: int) -> str:
        """Draw whole yuan mostly, odd fen sometimes."""
        yuan_amount = self.rng.randint(low, high)
        if self.rng.random() < 0.5:
            yuan_amount = yuan_amount // 100 * 100
        return yuan(yuan_amount * 100 + (self.rng.randint(0, 99) if self.rng.random() < 0.2 else 0))

    def limit(self, low: int, high: int, *, is_yearly_share: bool = False) -> str:
        """Draw a limit, none at all sometimes."""
        if is_yearly_share and self.one_rule == "unlimited":
            return "no limit"
        return "no limit" if self.rng.random() < 0.15 else self.money(low, high)

    def percent(self, low: int, high: int) -> str:
        """Draw a rate, with odd parts of a percent sometimes."""
        part = self.rng.choice(["", "", "", ".5", ".25", ".3333", ".0001"])
        whole = self.rng.randint(low, high)
        return f"{whole}{part if whole < 100 else ''}%"

    def points(self) -> str:
        """Draw percentage points."""
        return f"{self.rng.choice(['0', '2.5', '5', '5.125', '12', '40'])} points"

    def steps(self, low: int, high: int, first: int = 0) -> dict:
        """Draw bands with rising lower ends."""
        overs = sorted({self.rng.randint(1, 600) * 100 for _ in range(self.rng.randint(0, 3))})
        starts = [first, *(first + over for over in overs)]
        rates = [self.percent(low, high) for _ in starts]
        if self.one_rule:
            rates.sort(key=lambda rate: Fraction(rate.removesuffix("%")))
        pairs = zip(starts, rates, strict=True)
        return {"steps": [{"over": f"{over} yuan", "pay": pay} for over, pay in pairs]}

    def switch(self, *words: str) -> dict:
        """Build a switch that may change on a day."""
        return self.key(lambda: self.rng.choice(words))

    def ids(self, names: list[str]) -> list[str]:
        """Draw the limits that a benefit counts into, in any order."""
        return self.rng.sample(names, self.rng.randint(0, len(names)))

    def optional(self, subject: dict, name: str, chance: float, build) -> None:
        """Add an optional key sometimes."""
        if self.rng.random() < chance:
            subject[name] = build()


def load_random_pack(seed: int, folder: Path, *, one_rule: str = ""):
    """Write the pack of a seed below the folder and load it like any other."""
    from config.policy.loader import load_pack
    from tests.reference.random_subjects import build_files

    pack = RandomPack(seed, one_rule=one_rule)
    build_files(pack)
    home = folder / pack.region
    home.mkdir(parents=True, exist_ok=True)
    for name, content in pack.files.items():
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
        (home / f"{name}.yaml").write_text(text, encoding="utf-8")
    loaded = load_pack(home, {})
    pack.kept_ids = (*loaded.accumulator_ids, "catastrophic_paid")
    return pack, loaded
