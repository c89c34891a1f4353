"""A bill as entered: read from text, checked as far as the bill itself tells.

Everything wrong is found at once, each mistake at its field. What depends on the person or on
the rules (cover, level, disease) is decided later and holds or refuses the bill instead.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date

from claims.models import BillKind, CareType, ItemClass, OffArea, Origin, Payee, ThirdParty
from config import calendar
from config.errors import InvalidInput, InvalidInputs
from config.identity.logging_filter import holds_number
from config.money import parse_yuan

BILL_LIMIT_FEN = 10_000_000_00
"""Ten million yuan: more than any stay ever cost; a larger figure is a slip of the keys."""

LONGEST_STAY_DAYS = 366
MOST_ITEMS = 1000
AMOUNTS = (
    "total_fen",
    "fully_self_paid_fen",
    "over_limit_price_fen",
    "self_pay_first_fen",
    "other_aid_fen",
    "hospital_part_fen",
)
SCOPE_AMOUNTS = AMOUNTS[1:4]
ONE_DAY = (CareType.GENERAL_OUTPATIENT, CareType.TWO_DISEASE)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INVOICE = re.compile(r"[0-9A-Z]{1,20}")
_WORDS = {
    "care_type": CareType,
    "off_area": OffArea,
    "third_party": ThirdParty,
    "kind": BillKind,
    "payee": Payee,
    "origin": Origin,
}


@dataclass(frozen=True)
class ItemInput:
    """One line of the worksheet."""

    item_name: str
    item_class: str
    amount_fen: int
    fully_self_paid_fen: int = 0
    over_limit_price_fen: int = 0
    self_pay_first_fen: int = 0


@dataclass(frozen=True)
class BillInput:
    """Everything a clerk enters for one bill; amounts in fen.

    Attributes:
        facility_code: national code; may be empty in a preview that states `level`.
        level: only for a preview without a facility.
        items: lines of the worksheet; none is allowed, some must add up to the parts.
        reason: why a correction is made.
    """

    care_type: str
    discharged_on: date
    total_fen: int
    facility_code: str = ""
    level: int | None = None
    admitted_on: date | None = None
    off_area: str = OffArea.NONE.value
    is_referred: bool = False
    disease: str = "none"
    third_party: str = ThirdParty.NONE.value
    kind: str = BillKind.DIRECT.value
    payee: str = Payee.FACILITY.value
    origin: str = Origin.OFFICE.value
    received_on: date | None = None
    invoice_code: str = ""
    invoice_number: str = ""
    fully_self_paid_fen: int = 0
    over_limit_price_fen: int = 0
    self_pay_first_fen: int = 0
    other_aid_fen: int = 0
    other_aid_payer: str = ""
    hospital_part_fen: int = 0
    items: tuple[ItemInput, ...] = field(default=())

    @property
    def admission_day(self) -> date:
        """First day of care; outside hospital the day of the visit."""
        return self.admitted_on or self.discharged_on

    def body(self) -> dict[str, object]:
        """Return the input as JSON values, for digests and keys."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(self).items()
        }


def bill_read(
    fields: Mapping[str, object], items: Iterable[Mapping[str, object]] = ()
) -> BillInput:
    """Read a bill from texts as a form or an interface sends them.

    Args:
        fields: texts by field name; amounts in yuan under the name without `_fen`.
        items: lines of the worksheet, in the same manner.

    Raises:
        InvalidInputs: every field that cannot be read, or that cannot be true.
    """
    reading = _Reading(fields)
    amounts = {name: reading.money(name.removesuffix("_fen")) for name in AMOUNTS}
    lines = tuple(_read_item(reading, number, item) for number, item in enumerate(items, start=1))
    bill = {
        "care_type": reading.text("care_type"),
        "discharged_on": reading.day("discharged_on"),
        "admitted_on": reading.day("admitted_on", required=False),
        "received_on": reading.day("received_on", required=False),
        "facility_code": reading.text("facility_code").upper(),
        "level": reading.whole("level"),
        "off_area": reading.text("off_area", OffArea.NONE.value),
        "is_referred": reading.yes("is_referred"),
        "disease": reading.text("disease", "none"),
        "third_party": reading.text("third_party", ThirdParty.NONE.value),
        "kind": reading.text("kind", BillKind.DIRECT.value),
        "payee": reading.text("payee", Payee.FACILITY.value),
        "origin": reading.text("origin", Origin.OFFICE.value),
        "invoice_code": reading.text("invoice_code").upper(),
        "invoice_number": reading.text("invoice_number").upper(),
        "other_aid_payer": reading.text("other_aid_payer"),
        **amounts,
        "items": lines,
    }
    reading.refuse_mistakes()
    read = BillInput(**bill)
    bill_check(read, is_stored=False)
    return read


def bill_check(bill: BillInput, *, is_stored: bool) -> None:
    """Refuse a bill that cannot be true, whatever the person and the rules.

    Args:
        bill: as entered.
        is_stored: also ask for what only a stored bill needs: day of admission, facility, invoice.

    Raises:
        InvalidInputs: all mistakes, each at its field.
    """
    mistakes = [
        *_word_mistakes(bill),
        *_text_mistakes(bill),
        *_amount_mistakes(bill),
        *_day_mistakes(bill),
        *_item_mistakes(bill),
        *((*_care_day_mistakes(bill), *_paper_mistakes(bill)) if is_stored else ()),
    ]
    if mistakes:
        raise InvalidInputs(mistakes)


def _word_mistakes(bill: BillInput) -> Iterable[InvalidInput]:
    for name, words in _WORDS.items():
        if getattr(bill, name) not in words.values:
            yield InvalidInput("claims.bill.word_unknown", field=name, text=getattr(bill, name))


def _text_mistakes(bill: BillInput) -> Iterable[InvalidInput]:
    texts = {name: getattr(bill, name) for name in ("disease", "facility_code", "other_aid_payer")}
    texts |= {f"items.{number}": item.item_name for number, item in enumerate(bill.items, start=1)}
    for name, text in texts.items():
        if not is_plain(text):
            yield InvalidInput("claims.bill.text_unreadable", field=name)
        elif holds_number(text):
            yield InvalidInput("identity.number.in_text", field=name)


def is_plain(text: str) -> bool:
    """Tell whether a text holds whole, visible characters: others cannot be stored or printed."""
    return not any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in text)


def _amount_mistakes(bill: BillInput) -> Iterable[InvalidInput]:
    for name in AMOUNTS:
        amount = getattr(bill, name)
        if amount < 0:
            yield InvalidInput("money.negative", field=name.removesuffix("_fen"))
        elif amount > BILL_LIMIT_FEN:
            yield InvalidInput(
                "claims.bill.amount_absurd",
                field=name.removesuffix("_fen"),
                limit_fen=BILL_LIMIT_FEN,
            )
    if bill.total_fen == 0:
        yield InvalidInput("claims.bill.total_is_zero", field="total")
    parts = sum(getattr(bill, name) for name in SCOPE_AMOUNTS)
    if parts > bill.total_fen:
        yield InvalidInput(
            "claims.bill.parts_over_total",
            field="total",
            total_fen=bill.total_fen,
            parts_fen=parts,
        )
    if bill.other_aid_fen + bill.hospital_part_fen > bill.total_fen:
        yield InvalidInput("claims.bill.aid_over_total", field="other_aid")
    if bill.other_aid_fen and not bill.other_aid_payer:
        yield InvalidInput("claims.bill.other_aid_without_payer", field="other_aid_payer")


def _day_mistakes(bill: BillInput) -> Iterable[InvalidInput]:
    admitted, discharged, today = bill.admission_day, bill.discharged_on, calendar.today()
    if discharged < admitted:
        yield InvalidInput("claims.bill.days_reversed", field="discharged_on")
    elif (discharged - admitted).days > LONGEST_STAY_DAYS:
        yield InvalidInput(
            "claims.bill.stay_too_long", field="discharged_on", days=LONGEST_STAY_DAYS
        )
    if discharged > today:
        yield InvalidInput("claims.bill.discharge_in_the_future", field="discharged_on")
    if bill.kind == BillKind.MANUAL and bill.received_on is None:
        yield InvalidInput("claims.bill.received_on_missing", field="received_on")
    if bill.received_on and not discharged <= bill.received_on <= today:
        yield InvalidInput("claims.bill.received_on_impossible", field="received_on")


def _care_day_mistakes(bill: BillInput) -> Iterable[InvalidInput]:
    """Cover is asked for the day of admission, so it may not be guessed, and a visit has none."""
    if bill.care_type == CareType.INPATIENT and bill.admitted_on is None:
        yield InvalidInput("claims.bill.admission_missing", field="admitted_on")
    if bill.care_type in ONE_DAY and bill.admission_day != bill.discharged_on:
        yield InvalidInput("claims.bill.visit_is_one_day", field="admitted_on")


def _item_mistakes(bill: BillInput) -> Iterable[InvalidInput]:
    if len(bill.items) > MOST_ITEMS:
        yield InvalidInput("claims.bill.too_many_items", field="items", limit=MOST_ITEMS)
    for number, item in enumerate(bill.items, start=1):
        yield from _line_mistakes(number, item)
    if not bill.items:
        return
    for name in ("total_fen", *SCOPE_AMOUNTS):
        column = "amount_fen" if name == "total_fen" else name
        lines = sum(getattr(item, column) for item in bill.items)
        if lines != getattr(bill, name):
            yield InvalidInput(
                "claims.bill.items_do_not_add_up",
                field=name.removesuffix("_fen"),
                lines_fen=lines,
                part_fen=getattr(bill, name),
            )


def _line_mistakes(number: int, item: ItemInput) -> Iterable[InvalidInput]:
    where = f"items.{number}"
    parts = [getattr(item, name) for name in SCOPE_AMOUNTS]
    if item.item_class not in ItemClass.values:
        yield InvalidInput("claims.bill.word_unknown", field=where, text=item.item_class)
    if not item.item_name or len(item.item_name) > 120:
        yield InvalidInput("claims.bill.item_without_name", field=where)
    if min(item.amount_fen, *parts) < 0:
        yield InvalidInput("money.negative", field=where)
    elif sum(parts) > item.amount_fen:
        yield InvalidInput("claims.bill.item_parts_over_amount", field=where, line=number)
    if item.item_class == ItemClass.C and item.fully_self_paid_fen != item.amount_fen:
        yield InvalidInput("claims.bill.item_class_c_is_self_paid", field=where, line=number)
    if item.item_class == ItemClass.A and item.self_pay_first_fen:
        yield InvalidInput("claims.bill.item_class_a_has_self_pay", field=where, line=number)


def _paper_mistakes(bill: BillInput) -> Iterable[InvalidInput]:
    if bill.origin == Origin.PLATFORM:
        # What the platform settled is received as it is, never computed here.
        yield InvalidInput("claims.bill.origin_of_the_platform", field="origin")
    if not bill.facility_code:
        yield InvalidInput("claims.bill.facility_missing", field="facility_code")
    for name in ("invoice_code", "invoice_number"):
        if not _INVOICE.fullmatch(getattr(bill, name)):
            yield InvalidInput("claims.bill.invoice_unreadable", field=name)
    for name, longest in (("disease", 60), ("other_aid_payer", 80)):
        if len(getattr(bill, name)) > longest:
            yield InvalidInput("claims.bill.text_too_long", field=name, limit=longest)


def _read_item(reading: _Reading, number: int, item: Mapping[str, object]) -> ItemInput:
    line = _Reading(item, prefix=f"items.{number}.", mistakes=reading.mistakes)
    return ItemInput(
        item_name=line.text("item_name"),
        item_class=line.text("item_class").upper(),
        amount_fen=line.money("amount", required=True),
        fully_self_paid_fen=line.money("fully_self_paid"),
        over_limit_price_fen=line.money("over_limit_price"),
        self_pay_first_fen=line.money("self_pay_first"),
    )


class _Reading:
    """Reads typed values out of texts and collects what cannot be read."""

    def __init__(
        self,
        fields: Mapping[str, object],
        prefix: str = "",
        mistakes: list[InvalidInput] | None = None,
    ) -> None:
        self.fields = fields
        self.prefix = prefix
        self.mistakes = [] if mistakes is None else mistakes

    def text(self, name: str, default: str = "") -> str:
        value = self.fields.get(name)
        return default if value is None or value == "" else str(value).strip()

    def money(self, name: str, *, required: bool = False) -> int:
        text = self.fields.get(name)
        if text in (None, "") and not (required or name == "total"):
            return 0
        try:
            return parse_yuan("" if text is None else text)
        except InvalidInput as mistake:
            self.mistakes.append(mistake.at(self.prefix + name))
            return 0

    def day(self, name: str, *, required: bool = True) -> date | None:
        value = self.fields.get(name)
        if isinstance(value, date):
            return value
        text = self.text(name)
        if not text:
            if required:
                self._mistake("claims.bill.day_missing", name)
            return None
        try:
            # `fromisoformat` alone would also take weeks and days without hyphens.
            return date.fromisoformat(text if _DAY.fullmatch(text) else "")
        except ValueError:
            self._mistake("claims.bill.day_unreadable", name, text=text[:40])
            return None

    def whole(self, name: str) -> int | None:
        text = self.text(name)
        if not text:
            return None
        if text in {"0", "1", "2", "3"}:
            return int(text)
        self._mistake("claims.bill.word_unknown", name, text=text[:40])
        return None

    def yes(self, name: str) -> bool:
        value = self.fields.get(name)
        if isinstance(value, bool):
            return value
        text = self.text(name, "no").lower()
        if text not in {"yes", "no", "true", "false", "on", "1", "0"}:
            self._mistake("claims.bill.word_unknown", name, text=text[:40])
        return text in {"yes", "true", "on", "1"}

    def refuse_mistakes(self) -> None:
        if self.mistakes:
            raise InvalidInputs(self.mistakes)

    def _mistake(self, code: str, name: str, **facts: object) -> None:
        self.mistakes.append(InvalidInput(code, field=self.prefix + name, **facts))
