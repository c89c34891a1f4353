"""The cost entry of the desk: fields, worksheet lines, drafts, and what is still missing.

The form only carries texts. `claims.bill_input.bill_read` reads and checks them, so that a bill
is understood in one place whether it comes from the desk or from the interface.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from claims.bill_input import BillInput, bill_read
from claims.models import BillKind, CareType, ItemClass, OffArea, Payee, ThirdParty
from claims.models.facility import LEVELS
from config.error_sentences import sentence
from config.errors import DomainError, InvalidInput, InvalidInputs
from config.money import parse_yuan, plain_yuan
from config.policy.region import Region

ITEM_AMOUNTS = ("amount", "fully_self_paid", "over_limit_price", "self_pay_first")
ITEM_FIELDS = ("item_name", "item_class", *ITEM_AMOUNTS)
PARTS = ("total", "fully_self_paid", "over_limit_price", "self_pay_first")
# Mistakes of a field nobody has filled yet: while typing they are listed, not marked.
_NOT_YET = {
    "money.empty",
    "claims.bill.day_missing",
    "claims.bill.admission_missing",
    "claims.bill.facility_missing",
    "claims.bill.received_on_missing",
    "claims.bill.invoice_unreadable",
    "claims.bill.other_aid_without_payer",
}
_NATIONAL_CODE = re.compile(r"[Hh][0-9]{11}")
_LONGEST_TEXT = 200


class DiseaseSelect(forms.Select):
    """Diseases of the region, each with the kinds of care it may be named in."""

    care_types: Mapping[str, str] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Tell the page which kinds of care an option belongs to."""
        option = super().create_option(name, value, *args, **kwargs)
        if value in self.care_types:
            option["attrs"]["data-care-types"] = self.care_types[value]
        return option


def _offer_diseases(widget: DiseaseSelect, region: Region) -> None:
    is_chinese = (get_language() or "").startswith("zh")
    diseases = region.diseases
    widget.choices = [("none", _("None"))] + [
        (code, disease.name_zh if is_chinese else disease.name_en)
        for code, disease in diseases.items()
    ]
    widget.care_types = {code: " ".join(each.care_types) for code, each in diseases.items()}


def _text(label: Any, **attrs: str) -> forms.CharField:
    widget = forms.TextInput({"autocomplete": "off", "spellcheck": "false", **attrs})
    return forms.CharField(label=label, required=False, widget=widget)


def _money(label: Any) -> forms.CharField:
    return _text(label, inputmode="decimal", **{"class": "ds-money"})


def _day(label: Any) -> forms.CharField:
    return _text(label, inputmode="numeric", placeholder="YYYY-MM-DD", maxlength="10")


def _choice(label: Any, choices: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, widget=forms.Select(choices=choices))


class BillForm(forms.Form):
    """Everything a clerk enters for one bill of a person."""

    facility_name = _text(
        _("Facility"),
        role="combobox",
        **{
            "aria-autocomplete": "list",
            "aria-expanded": "false",
            "aria-controls": "ds-facilities",
        },
    )
    facility_code = forms.CharField(required=False, widget=forms.HiddenInput())
    care_type = _choice(_("Kind of care"), CareType.choices)
    disease = forms.CharField(label=_("Disease"), required=False, widget=DiseaseSelect())
    admitted_on = _day(_("Admitted on"))
    discharged_on = _day(_("Discharged or visited on"))
    off_area = _choice(_("Place of care"), OffArea.choices)
    is_referred = _choice(
        _("Referral"), [("no", _("Without referral")), ("yes", _("With referral"))]
    )
    total = _money(_("Total cost"))
    fully_self_paid = _money(_("Fully self-paid"))
    over_limit_price = _money(_("Over the price limit"))
    self_pay_first = _money(_("Self-pay first"))
    invoice_code = _text(_("Invoice code"), maxlength="20")
    invoice_number = _text(_("Invoice number"), maxlength="20")
    other_aid = _money(_("Other aid"))
    other_aid_payer = _text(_("Payer of other aid"), maxlength="80")
    hospital_part = _money(_("Borne by the hospital"))
    third_party = _choice(_("Is somebody else liable?"), ThirdParty.choices)
    kind = _choice(_("How it is settled"), BillKind.choices)
    received_on = _day(_("Paper received on"))
    payee = _choice(_("Paid to"), Payee.choices)

    use_required_attribute = False

    def __init__(self, *args: Any, region: Region | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines: list[Line] = []
        if region is not None:
            _offer_diseases(self.fields["disease"].widget, region)

    @property
    def texts(self) -> dict[str, str]:
        """The fields as typed, without those that are not of this form."""
        source = self.data if self.is_bound else self.initial
        return {name: _typed(source.get(name)) for name in self.fields}

    @property
    def in_scope_fen(self) -> int | None:
        """What is left inside the policy's scope; None while a part cannot be read."""
        parts = [_amount(self.texts[name]) for name in PARTS]
        if None in parts or not self.texts["total"]:
            return None
        left = parts[0] - sum(parts[1:])
        return left if left >= 0 else None

    def entered(self) -> BillInput:
        """Read the bill; without its facility no rule can be chosen, so that is asked for too.

        Raises:
            InvalidInputs: every field that cannot be read or cannot be true.
        """
        texts = self.texts
        name, code = texts.pop("facility_name").strip(), texts["facility_code"].strip()
        if not code and _NATIONAL_CODE.fullmatch(name):
            texts["facility_code"] = name
        missing = []
        if not texts["facility_code"].strip():
            missing.append(InvalidInput("claims.bill.facility_missing", field="facility_code"))
        if texts["care_type"] == CareType.INPATIENT and not texts["admitted_on"].strip():
            missing.append(InvalidInput("claims.bill.admission_missing", field="admitted_on"))
        try:
            entered = bill_read(texts, [line.read() for line in self.lines])
        except InvalidInputs as error:
            raise InvalidInputs([*missing, *error.mistakes]) from error
        if missing:
            raise InvalidInputs(missing)
        return entered

    def payload(self) -> dict[str, Any]:
        """What a draft keeps: the texts, nothing computed."""
        filled = {name: text for name, text in self.texts.items() if text}
        return {"fields": filled, "items": [line.texts for line in self.lines]}

    @classmethod
    def of_post(cls, data: QueryDict, region: Region) -> BillForm:
        """Return the form as sent by the page."""
        form = cls(data, region=region)
        form.lines = lines_of(data)
        return form

    @classmethod
    def of_draft(cls, payload: Mapping[str, Any], region: Region) -> BillForm:
        """Return the form as it was left."""
        form = cls(initial=dict(payload.get("fields", {})), region=region)
        form.lines = [Line(texts) for texts in payload.get("items", [])]
        return form

    @classmethod
    def of_bill(cls, bill: BillInput, facility_name: str, region: Region) -> BillForm:
        """Return the form filled with a bill that was entered before."""
        fields = bill.body()
        initial = {name: "" if value is None else str(value) for name, value in fields.items()}
        for name in fields:
            if name.endswith("_fen"):
                fen = int(fields[name] or 0)
                initial[name.removesuffix("_fen")] = plain_yuan(fen) if fen else ""
        initial |= {
            "facility_name": facility_name,
            "is_referred": "yes" if bill.is_referred else "no",
        }
        form = cls(initial={name: initial.get(name, "") for name in cls.base_fields}, region=region)
        for name in ("invoice_code", "invoice_number"):
            form.fields[name].widget.attrs["readonly"] = True
        return form


class Line:
    """One line of the worksheet as typed."""

    def __init__(self, texts: Mapping[str, object]) -> None:
        self.texts = {name: _typed(texts.get(name)) for name in ITEM_FIELDS}

    @classmethod
    def of_item(cls, item: Any) -> Line:
        """Return the line of a stored item."""
        amounts = {
            name: plain_yuan(getattr(item, f"{name}_fen")) if getattr(item, f"{name}_fen") else ""
            for name in ITEM_AMOUNTS
        }
        return cls({"item_name": item.item_name, "item_class": item.item_class, **amounts})

    @property
    def is_empty(self) -> bool:
        """Nothing was typed into the line."""
        return not any(text for name, text in self.texts.items() if name != "item_class")

    def read(self) -> dict[str, str]:
        """Return the line as a bill is read; class C is fully self-paid by its nature."""
        own = self.texts["fully_self_paid"]
        if self.texts["item_class"] == ItemClass.C and not own.strip():
            own = self.texts["amount"]
        return {**self.texts, "fully_self_paid": own}


def lines_of(data: QueryDict) -> list[Line]:
    """Return the lines that are not empty, in order."""
    columns = [data.getlist(name) for name in (f"line_{field}" for field in ITEM_FIELDS)]
    rows = zip(*columns, strict=False)
    lines = [Line(dict(zip(ITEM_FIELDS, row, strict=True))) for row in rows]
    return [line for line in lines if not line.is_empty]


def sums_of(lines: Iterable[Line]) -> dict[str, int] | None:
    """Return the sums of the worksheet by part; None where there is no line or one is unreadable."""
    sums = dict.fromkeys(PARTS, 0)
    rows = [line.read() for line in lines]
    for row in rows:
        for part in PARTS:
            amount = _amount(row["amount" if part == "total" else part])
            if amount is None:
                return None
            sums[part] += amount
    return sums if rows else None


def mistakes_of(error: DomainError) -> list[InvalidInput]:
    """Return the marked mistakes inside an error; none where it marks no field."""
    if isinstance(error, InvalidInputs):
        return list(error.mistakes)
    if isinstance(error, InvalidInput) and error.field:
        return [error]
    if error.code == "claims.invoice.in_use":
        return [InvalidInput(error.code, field="invoice_number", **error.facts)]
    return []


def marked(mistakes: Iterable[InvalidInput]) -> dict[str, str]:
    """Return one sentence per field, several joined."""
    found: dict[str, list[str]] = {}
    for mistake in mistakes:
        field = _PLACES.get(mistake.field, mistake.field)
        found.setdefault(field, []).append(sentence(mistake))
    return {field: " ".join(dict.fromkeys(sentences)) for field, sentences in found.items()}


def split_missing(
    form: BillForm, mistakes: Iterable[InvalidInput]
) -> tuple[list[InvalidInput], list[str]]:
    """Part what is wrong from what is only not filled in yet.

    Returns:
        The mistakes of filled fields, and the labels of fields that are still empty.
    """
    wrong, missing = [], []
    for mistake in mistakes:
        place = _PLACES.get(mistake.field, mistake.field)
        if mistake.code in _NOT_YET and place in form.fields and not form.texts[place]:
            missing.append(str(form.fields[place].label))
        else:
            wrong.append(mistake)
    return wrong, list(dict.fromkeys(missing))


# The page shows the name of a facility; its code travels beside it.
_PLACES = {"facility_code": "facility_name"}


def _typed(value: object) -> str:
    """Return a text as typed, without the invisible characters a paste may bring along."""
    text = "".join(sign for sign in str(value or "") if unicodedata.category(sign) != "Cc")
    return text[:_LONGEST_TEXT]


def _amount(text: str) -> int | None:
    if not text.strip():
        return 0
    try:
        return parse_yuan(text)
    except InvalidInput:
        return None


class CalculatorForm(forms.Form):
    """A preview without a person: what anyone would get who used nothing yet."""

    care_type = _choice(_("Kind of care"), CareType.choices)
    level = _choice(_("Level of the facility"), LEVELS)
    discharged_on = _day(_("Discharged or visited on"))
    total = _money(_("Total cost"))
    self_pay_first = _money(_("Self-pay first"))
    fully_self_paid = _money(_("Fully self-paid"))
    category = forms.CharField(label=_("Category"), required=False, widget=forms.Select())
    disease = forms.CharField(label=_("Disease"), required=False, widget=DiseaseSelect())

    use_required_attribute = False
    texts = BillForm.texts
    lines: tuple[Line, ...] = ()

    def __init__(self, *args: Any, region: Region, categories: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_diseases(self.fields["disease"].widget, region)
        held = {word for words in region.ranks.values() for word in words}
        offered = [(word, label) for word, label in categories if word in held]
        self.fields["category"].widget.choices = [("", _("None")), *offered]

    def entered(self) -> BillInput:
        """Read the bill; the category describes the person and is left out.

        Raises:
            InvalidInputs: every field that cannot be read or cannot be true.
        """
        texts = self.texts
        texts.pop("category")
        return bill_read(texts)
