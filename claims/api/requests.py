"""Bodies of requests, and what the services are given of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_serializer

from claims.api.fields import (
    AmountField,
    StrictBooleanField,
    StrictChoiceField,
    StrictDayField,
    StrictIntegerField,
    StrictSerializer,
    StrictTextField,
)
from claims.api.names import BILL_FIELDS, CARE_TYPE_OF, ITEM_CLASS_OF, ITEM_FIELDS
from claims.bill_input import MOST_ITEMS, BillInput, ItemInput
from claims.models import OffArea, ThirdParty


@extend_schema_serializer(component_name="Item")
class ItemRequest(StrictSerializer):
    """One line of the worksheet."""

    item_name = StrictTextField(max_length=120)
    chrgitm_lv = StrictChoiceField(list(ITEM_CLASS_OF), help_text="01 甲, 02 乙, 03 丙")
    det_item_fee_sumamt = AmountField()
    fulamt_ownpay_amt = AmountField(required=False)
    overlmt_amt = AmountField(required=False)
    preselfpay_amt = AmountField(required=False)


@extend_schema_serializer(component_name="Bill")
class BillRequest(StrictSerializer):
    """A bill of the facility the token belongs to. Amounts that are left out are zero."""

    med_type = StrictChoiceField(
        list(CARE_TYPE_OF),
        help_text="11 general outpatient, 14 chronic and special, 21 inpatient, 51 and 52 birth, "
        "9901 hypertension and diabetes",
    )
    begndate = StrictDayField(
        required=False, help_text="Admission; a stay needs it, a visit has enddate alone."
    )
    enddate = StrictDayField(help_text="Discharge, or the day of the visit.")
    medfee_sumamt = AmountField(help_text="医疗费总额")
    fulamt_ownpay_amt = AmountField(required=False, help_text="全自费金额")
    overlmt_selfpay = AmountField(required=False, help_text="超限价自费费用")
    preselfpay_amt = AmountField(required=False, help_text="先行自付金额")
    hosp_part_amt = AmountField(required=False, help_text="医院负担金额")
    other_aid_amt = AmountField(required=False, help_text="Money of another payer.")
    other_aid_payer = StrictTextField(required=False, max_length=80, help_text="Who that is.")
    bill_code = StrictTextField(required=False, max_length=20, help_text="票据代码")
    bill_no = StrictTextField(required=False, max_length=20, help_text="票据号码")
    off_area = StrictChoiceField(OffArea.choices, required=False)
    is_referred = StrictBooleanField(required=False)
    disease = StrictTextField(required=False, max_length=60)
    third_party = StrictChoiceField(ThirdParty.choices, required=False)
    items = ItemRequest(many=True, required=False, max_length=MOST_ITEMS)


@extend_schema_serializer(component_name="Preview")
class PreviewRequest(StrictSerializer):
    """What a bill would be settled at; without a person, what anyone would get."""

    certno = StrictTextField(
        required=False, min_length=4, max_length=40, help_text="证件号码, in full."
    )
    level = StrictIntegerField(
        required=False,
        min_value=0,
        max_value=3,
        help_text="Only without a person: another level than the facility's own.",
    )
    bill = BillRequest()


@extend_schema_serializer(component_name="Confirm")
class ConfirmRequest(StrictSerializer):
    """The bill that was previewed, and the digest of what was shown."""

    certno = StrictTextField(min_length=4, max_length=40, help_text="证件号码, in full.")
    bill = BillRequest()
    preview_digest = StrictTextField(min_length=64, max_length=64)


@extend_schema_serializer(component_name="Reverse")
class ReverseRequest(StrictSerializer):
    """Why a settlement is reversed."""

    reason = StrictTextField(max_length=200)


@extend_schema_serializer(component_name="Coverage")
class CoverageRequest(StrictSerializer):
    """Whose cover is asked, and for which day."""

    certno = StrictTextField(min_length=4, max_length=40, help_text="证件号码, in full.")
    day = StrictDayField(required=False, help_text="Left out: today.")


def bill_entered(
    bill: Mapping[str, Any], facility_code: str, level: int | None = None
) -> BillInput:
    """Return a bill as the services take it: direct, paid to the facility."""
    named = {our: bill[national] for national, our in BILL_FIELDS.items() if national in bill}
    for name in ("invoice_code", "invoice_number"):
        named[name] = named.get(name, "").upper()
    return BillInput(
        care_type=CARE_TYPE_OF[bill["med_type"]],
        facility_code=facility_code if level is None else "",
        level=level,
        items=tuple(_item(line) for line in bill.get("items", ())),
        **named,
    )


def _item(line: Mapping[str, Any]) -> ItemInput:
    named = {our: line[national] for national, our in ITEM_FIELDS.items() if national in line}
    return ItemInput(item_class=ITEM_CLASS_OF[line["chrgitm_lv"]], **named)
