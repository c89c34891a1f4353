"""Our names and the national ones (接口字段), side by side: the one table that binds them."""

from __future__ import annotations

import re

from claims.models import CareType, ItemClass

INSUTYPE_RESIDENT = "390"  # 城乡居民基本医疗保险

# Kind of care as the platform codes it (med_type). A stay and a visit for a birth are one kind
# of care to the rules; the days of the bill tell them apart.
CARE_TYPE_OF = {
    "11": CareType.GENERAL_OUTPATIENT.value,
    "14": CareType.CHRONIC_SPECIAL.value,
    "21": CareType.INPATIENT.value,
    "51": CareType.MATERNITY.value,
    "52": CareType.MATERNITY.value,
    "9901": CareType.TWO_DISEASE.value,
}
MED_TYPE_OF = {care_type: med_type for med_type, care_type in CARE_TYPE_OF.items()}

ITEM_CLASS_OF = {"01": ItemClass.A.value, "02": ItemClass.B.value, "03": ItemClass.C.value}

# Fields of a bill: national name, our name.
BILL_FIELDS = {
    "begndate": "admitted_on",
    "enddate": "discharged_on",
    "bill_code": "invoice_code",
    "bill_no": "invoice_number",
    "medfee_sumamt": "total_fen",
    "fulamt_ownpay_amt": "fully_self_paid_fen",
    "overlmt_selfpay": "over_limit_price_fen",
    "preselfpay_amt": "self_pay_first_fen",
    "hosp_part_amt": "hospital_part_fen",
    "other_aid_amt": "other_aid_fen",
    "other_aid_payer": "other_aid_payer",
    "off_area": "off_area",
    "is_referred": "is_referred",
    "disease": "disease",
    "third_party": "third_party",
}
ITEM_FIELDS = {
    "item_name": "item_name",
    "det_item_fee_sumamt": "amount_fen",
    "fulamt_ownpay_amt": "fully_self_paid_fen",
    "overlmt_amt": "over_limit_price_fen",
    "preselfpay_amt": "self_pay_first_fen",
}

# Amounts of a settlement: national name, the parts that make it up. The last two have no
# national name; they are the other split of the own share.
AMOUNTS = {
    "medfee_sumamt": ("total",),
    "fulamt_ownpay_amt": ("fully_self_paid",),
    "overlmt_selfpay": ("over_limit_price",),
    "preselfpay_amt": ("self_pay_first",),
    "inscp_scp_amt": ("in_scope",),
    "act_pay_dedc": ("deductible",),
    "hifp_pay": ("basic",),
    "hifmi_pay": ("catastrophic",),
    "maf_pay": ("assistance",),
    "othfund_pay": ("supplementary", "other_aid"),
    "hosp_part_amt": ("hospital_part",),
    "fund_pay_sumamt": ("basic", "catastrophic", "assistance", "supplementary", "other_aid"),
    "psn_part_amt": ("own_share",),
    "acct_pay": ("account_paid",),
    "psn_cash_pay": ("cash",),
    "own_within_amt": ("own_within",),
    "own_outside_amt": ("own_outside",),
}

# Lines of a settlement: who pays, the national code where one is known, the base.
FUND_LINES = (
    ("basic", "390100", "in_scope"),
    ("catastrophic", "390200", "catastrophic_base"),
    ("assistance", "610100", "assistance_base"),
    ("supplementary", None, "supplementary_base"),
    ("other_aid", None, None),
)

_OUR_BILL_FIELDS = {
    our.removesuffix("_fen"): f"bill.{national}" for national, our in BILL_FIELDS.items()
} | {"care_type": "bill.med_type", "items": "bill.items", "level": "level", "facility_code": ""}
_LINE = re.compile(r"items\.([0-9]+)")


def national_field(field: str) -> str:
    """Return the place of a mistake in the body; our lines count from one, JSON from zero."""
    line = _LINE.fullmatch(field)
    if line:
        return f"bill.items.{int(line[1]) - 1}"
    return _OUR_BILL_FIELDS.get(field, field)
