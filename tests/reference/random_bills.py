"""Random people with bills, in the schema of cases: spells, disputes, reversals, grants.

Days crowd around the change days of the pack, so that every span is met.
"""

import random
from datetime import date, timedelta

from tests.reference.facts import MONEY_FIELDS
from tests.reference.random_packs import AWAY, CARE_TYPES, CATEGORIES, DISEASES, RandomPack, yuan

DAY = timedelta(days=1)
GRANTED_IDS = ("assistance_limit", "shared_limit", "supplementary_limit")
OPENED_IDS = (
    *GRANTED_IDS,
    "basic_cap",
    "outpatient_limit",
    "yearly_one",
    "deductible_sum",
    "catastrophic_cap",
    "catastrophic_deductible",
    "assistance_deductible",
    "supplementary_threshold",
    "catastrophic_paid",
)


class RandomPeople:
    """Draws people for one pack."""

    def __init__(self, pack: RandomPack, seed: int):
        self.rng = random.Random(seed)
        self.pack = pack
        rng = self.rng
        length = (pack.last_day - pack.first_day).days
        days = [pack.first_day, pack.last_day, date(2021, 12, 31), date(2022, 1, 1)]
        days += [day + step for day in pack.change_days for step in (-DAY, 0 * DAY)]
        days += [pack.first_day + timedelta(days=rng.randint(0, length)) for _ in range(20)]
        self.days = sorted(day for day in days if pack.first_day <= day <= pack.last_day)

    def person_cases(self, bills: int) -> list[dict]:
        """Draw people until they have at least so many bills."""
        cases, drawn = [], 0
        while drawn < bills:
            case = self.case(len(cases))
            drawn += sum("bill" in event for event in case["events"])
            cases.append(case)
        return cases

    def case(self, number: int) -> dict:
        """Draw one person with events."""
        rng = self.rng
        has_entries = rng.random() < 0.2
        is_latecomer = rng.random() < 0.15
        one_year = has_entries or is_latecomer
        years = [rng.choice([2021, 2022])] if one_year else [2021, 2022]
        days = [day for day in self.days if day.year in years] or self.days[-3:]
        person = self.person()
        if is_latecomer:
            person["categories"] = []
        events = self.entries() if has_entries else []
        entered: dict[str, dict] = {}
        for position in range(rng.choice([1, 2, 3, 4, 5, 8, 12])):
            name = f"bill {position + 1}"
            entered[name] = self.bill(days)
            events.append({"bill": name, **entered[name]})
            events += self.act_on(entered, days, has_entries)
        if is_latecomer:
            events.append({"late_status": self.late_status(days)})
            events.append({"bill": "last bill", **self.bill(days)})
        return {
            "name": f"random person {number}",
            "source": {"where": "demonstration", "note": "random"},
            "region": self.pack.region,
            "person": person,
            "events": events,
        }

    def person(self) -> dict:
        """Draw a person: spells of category that change in mid-year, cover with holes."""
        rng = self.rng
        return {
            "born_on": date(rng.choice([1930, 1957, 1990, 2003, 2004, 2016]), 7, 1),
            "grade": rng.choice(self.pack.grades),
            "categories": [
                self.spell(rng.choice(CATEGORIES)) for _ in range(rng.choice([0, 1, 2, 3]))
            ],
            "certified": [
                {
                    "disease": name,
                    **({"from": date(2019, 1, 1)} if rng.random() < 0.7 else self.span()),
                }
                for name in DISEASES
                if rng.random() < 0.8
            ],
            "cover": self.cover(),
        }

    def span(self) -> dict:
        """Draw a span among the crowded days, open at an end sometimes."""
        begins, ends = sorted(self.rng.choices(self.days, k=2))
        span = {"from": begins, "through": ends}
        if self.rng.random() < 0.5:
            del span["through"]
        return span

    def spell(self, category: str) -> dict:
        """Draw a spell of a category."""
        span = {"from": date(2019, 1, 1)} if self.rng.random() < 0.4 else self.span()
        return {"category": category, **span}

    def cover(self) -> list[dict]:
        """Draw cover: throughout mostly, else with a hole, a wait or a dispute."""
        rng = self.rng
        if rng.random() < 0.75:
            return [{"status": "covered", "from": date(2019, 1, 1)}]
        span = self.span()
        cover = [{"status": "covered", "from": date(2019, 1, 1), "through": span["from"] - DAY}]
        status = rng.choice(["waiting", "duplicate", "not_covered", None])
        if status:
            cover.append({"status": status, **span})
        if "through" in span:
            cover.append({"status": "covered", "from": span["through"] + DAY})
        return cover

    def bill(self, days: list[date]) -> dict:
        """Draw the facts and the money of a bill."""
        rng = self.rng
        care_types = [*CARE_TYPES, "inpatient", "inpatient", "inpatient", "chronic_special"]
        care_type = "outpatient_balance" if rng.random() < 0.05 else rng.choice(care_types)
        day = rng.choice(days)
        facts = {
            "care_type": care_type,
            "level": rng.choice(self.pack.levels),
            "discharged_on": day,
            "admitted_on": day - timedelta(days=rng.choice([0, 0, 1, 3, 20])),
            "off_area": rng.choice(AWAY) if rng.random() < 0.45 else "none",
            "referred": rng.random() < 0.5,
            "disease": self.disease(care_type),
        }
        if rng.random() < 0.02:
            facts["discharged_on"] = rng.choice([date(2020, 12, 30), date(2023, 1, 2)])
            facts["admitted_on"] = facts["discharged_on"]
        if rng.random() < 0.02:
            facts["third_party"] = rng.choice(["pending", "settled"])
        if rng.random() < 0.1:
            facts["kind"] = "manual"
            late = rng.choice([date(day.year + 1, 3, 31), date(day.year + 1, 4, 1), day])
            facts["received_on"] = late
        if rng.random() < 0.01:
            del facts["level"]
        return facts | self.money()

    def disease(self, care_type: str) -> str:
        """Draw a disease that may stand with the care type; left out rarely."""
        allowed = [name for name, where in DISEASES.items() if care_type in where]
        if not allowed or self.rng.random() < (0.5 if care_type == "inpatient" else 0.03):
            return "none"
        return self.rng.choice(allowed)

    def money(self) -> dict:
        """Draw a cost in its four parts, from nothing and 1 fen to a hundred million."""
        rng = self.rng
        size = rng.choice([0, 1, 10**4, 10**5, 10**6, 10**6, 10**6, 10**7, 10**7, 3 * 10**7])
        if rng.random() < 0.005:
            size = 10**10
        parts = {"total": rng.randint(0, size) if size > 1 else size}
        left = parts["total"]
        for name in ("fully_self_paid", "over_limit_price", "self_pay_first"):
            if rng.random() < 0.4:
                parts[name] = rng.randint(0, left // rng.choice([1, 4, 10]))
                left -= parts[name]
        for name in ("other_aid", "hospital_part"):
            if rng.random() < 0.1:
                parts[name] = rng.randint(0, parts["total"])
        return {name: yuan(amount) for name, amount in parts.items()}

    def entries(self) -> list[dict]:
        """Draw openings and grants, before any bill."""
        rng = self.rng
        events = []
        if rng.random() < 0.7:
            ids = [name for name in OPENED_IDS if rng.random() < 0.3 and self.is_kept(name)]
            opening = {name: yuan(rng.randint(0, 500000)) for name in ids}
            if opening:
                events.append({"opening": opening})
        if rng.random() < 0.6:
            balance = "-" + yuan(rng.randint(1, 100000))
            events.append({"opening": {"outpatient_balance": balance}})
        if rng.random() < 0.5:
            events.append({"grant": {rng.choice(GRANTED_IDS): yuan(rng.randint(0, 500000))}})
        return events

    def is_kept(self, name: str) -> bool:
        """Say whether the pack keeps an accumulator of the name."""
        return name in self.pack.kept_ids

    def act_on(self, entered: dict, days: list[date], has_entries: bool) -> list[dict]:
        """Draw what happens after a bill: a reversal, a correction, a status, a fact."""
        rng = self.rng
        events: list[dict] = []
        if rng.random() < 0.06:
            name = rng.choice(list(entered))
            del entered[name]
            events.append({"reverse": name})
        names = list(entered)
        if rng.random() < 0.06 and names:
            name = rng.choice(names)
            events.append({"correct": name, **self.new_facts(entered[name], days)})
        if rng.random() < 0.05:
            events.append({"category": self.spell(rng.choice(CATEGORIES))})
        if rng.random() < 0.04 and names:
            events.append({"late_status": self.late_status(days)})
        if has_entries and rng.random() < 0.03:
            events.append({"grant": {rng.choice(GRANTED_IDS): yuan(rng.randint(0, 100000))}})
        return events

    def late_status(self, days: list[date]) -> dict:
        """Draw a status that begins on one of the days and is applied for later."""
        words = self.rng.choice([CATEGORIES, self.pack.ranks["assistance"]])
        begins = self.rng.choice(days)
        applied = self.rng.choice([day for day in self.days if day >= begins])
        return {"category": self.rng.choice(words), "from": begins, "applied_on": applied}

    def new_facts(self, bill: dict, days: list[date]) -> dict:
        """Draw a correction: other money, or other facts in the same year and care type."""
        changes = dict.fromkeys(MONEY_FIELDS, yuan(0)) | self.money()
        if self.rng.random() < 0.7:
            return changes
        year = bill["discharged_on"].year
        facts = self.bill([day for day in days if day.year == year] or [bill["discharged_on"]])
        facts["disease"] = self.disease(bill["care_type"])
        if facts["discharged_on"].year != year:
            return changes
        return facts | changes | {"care_type": bill["care_type"]}
