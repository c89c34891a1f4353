"""What a case of the schema says, read once into plain objects.

The reference reads cases by itself, so that a mistake of the kernel's reader
cannot hide from the comparison. It knows nothing of packs.
"""

from dataclasses import dataclass, field, replace
from datetime import date

FOREVER = date(9999, 12, 31)
DAWN = date(1, 1, 1)

MONEY_FIELDS = (
    "total",
    "fully_self_paid",
    "over_limit_price",
    "self_pay_first",
    "other_aid",
    "hospital_part",
)


@dataclass(frozen=True)
class Spell:
    """One word that holds from a day through a day, both included."""

    word: str
    begins_on: date
    through_on: date

    def holds_on(self, day: date) -> bool:
        """Say whether the word holds on the day."""
        return self.begins_on <= day <= self.through_on


@dataclass(frozen=True)
class Bill:
    """One bill as it was entered, with what was recorded about the person then."""

    name: str
    care_type: str
    level: int | None
    admitted_on: date
    discharged_on: date
    off_area: str
    is_referred: bool
    disease: str
    third_party: str
    is_manual: bool
    received_on: date | None
    money_fen: dict[str, int]
    categories: tuple[Spell, ...]

    @property
    def in_scope_fen(self) -> int:
        """In-scope cost (政策范围内): what the three named parts leave of the total."""
        money = self.money_fen
        return (
            money["total"]
            - money["fully_self_paid"]
            - money["over_limit_price"]
            - money["self_pay_first"]
        )

    @property
    def outside_fen(self) -> int:
        """Own share outside the scope (自费)."""
        return self.money_fen["fully_self_paid"] + self.money_fen["over_limit_price"]

    @property
    def year(self) -> int:
        """Calendar year of the deciding day; old outpatient balances have none."""
        return 0 if self.care_type == "outpatient_balance" else self.discharged_on.year

    @property
    def is_filed(self) -> bool:
        """Off-area care was filed, or there was none."""
        return not self.off_area.endswith("_unfiled")

    def meets(self, word: str) -> bool:
        """Say whether the bill meets one word of a pack's `requires`."""
        if word == "filed":
            return self.is_filed
        if word == "in_province":
            return not self.off_area.startswith("out_province")
        if word == "referred":
            counts_as_referred = self.off_area == "none" or self.off_area.endswith("_residence")
            return counts_as_referred or self.is_referred
        raise ValueError(word)


@dataclass
class Person:
    """One person of a case; categories grow as events record them."""

    born_on: date
    grade: str
    categories: tuple[Spell, ...] = ()
    certified: tuple[Spell, ...] = ()
    cover: tuple[Spell, ...] = ()
    bills: dict[str, Bill] = field(default_factory=dict)


def read_fen(words) -> int:
    """Read `12.30 yuan` as 1230 fen; a figure already in fen stays as it is."""
    if isinstance(words, int):
        return words
    number, unit = words.split(" ")
    assert unit == "yuan", words
    yuan, _, fen = number.partition(".")
    sign = -1 if yuan.startswith("-") else 1
    return int(yuan) * 100 + sign * int(fen.ljust(2, "0") or "0")


def read_spells(entries, word: str) -> tuple[Spell, ...]:
    """Read dated entries; an absent end is open."""
    return tuple(
        Spell(entry[word], entry.get("from", DAWN), entry.get("through", FOREVER))
        for entry in entries
    )


def read_person(person: dict) -> Person:
    """Read the person of a case; absent cover means covered throughout."""
    cover = person.get("cover") or [{"status": "covered"}]
    return Person(
        born_on=person["born_on"],
        grade=person.get("grade", "none"),
        categories=read_spells(person.get("categories", ()), "category"),
        certified=read_spells(person.get("certified", ()), "disease"),
        cover=read_spells(cover, "status"),
    )


def is_yes(word) -> bool:
    """Read a yes or no word."""
    return word is True or word == "yes"


def read_bill(event: dict, person: Person) -> Bill:
    """Read a bill event and keep what is recorded about the person at that moment."""
    return Bill(
        name=event["bill"],
        care_type=event["care_type"],
        level=event.get("level"),
        admitted_on=event.get("admitted_on") or event["discharged_on"],
        discharged_on=event["discharged_on"],
        off_area=event.get("off_area", "none"),
        is_referred=is_yes(event.get("referred", "no")),
        disease=event.get("disease", "none"),
        third_party=event.get("third_party", "none"),
        is_manual=event.get("kind", "direct") == "manual",
        received_on=event.get("received_on"),
        money_fen={name: read_fen(event.get(name, 0)) for name in MONEY_FIELDS},
        categories=person.categories,
    )


def correct_bill(bill: Bill, event: dict) -> Bill:
    """Give the bill its new figures; what is not named stays."""
    changes = {}
    for name in ("care_type", "level", "off_area", "disease", "third_party", "received_on"):
        if name in event:
            changes[name] = event[name]
    if "discharged_on" in event:
        changes["discharged_on"] = event["discharged_on"]
        if bill.admitted_on == bill.discharged_on:
            changes["admitted_on"] = event["discharged_on"]
    if "admitted_on" in event:
        changes["admitted_on"] = event["admitted_on"]
    if "referred" in event:
        changes["is_referred"] = is_yes(event["referred"])
    if "kind" in event:
        changes["is_manual"] = event["kind"] == "manual"
    money = {name: read_fen(event[name]) for name in MONEY_FIELDS if name in event}
    return replace(bill, money_fen={**bill.money_fen, **money}, **changes)
