"""What each page that changes something is sent: a body that does the act for whoever may.

The same body goes out for every principal, so a refusal is never a mistake in a form. A route
that is not listed is sent an empty form.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from django.test import Client
from django.urls import reverse

from claims.services.correction import correction_preview
from claims.services.preview import settlement_preview
from tests.access.pages import form_with
from tests.access.worlds import County, Worlds, client_of
from tests.claims.api.conftest import plain_number
from tests.factories.claims import HOSPITAL, REGION, bill
from tests.factories.enrollment import id_number
from tests.factories.offices import PASSWORD

Body = dict[str, Any] | str
KEY = "0123456789abcdef"
JSON = "application/json"
NEW_PASSWORD = "another-Invented-2026"
FIELDS = {
    "facility_name": "示例医院001",
    "facility_code": HOSPITAL,
    "care_type": "inpatient",
    "disease": "none",
    "admitted_on": "2025-05-01",
    "discharged_on": "2025-05-10",
    "off_area": "none",
    "is_referred": "yes",
    "total": "30000.00",
    "fully_self_paid": "1000.00",
    "over_limit_price": "",
    "self_pay_first": "2000.00",
    "invoice_code": "99001234",
    "invoice_number": "9000000001",
    "third_party": "none",
    "kind": "direct",
    "payee": "facility",
    "mode": "full",
}
API_BILL = {
    "med_type": "21",
    "begndate": "2025-05-01",
    "enddate": "2025-05-10",
    "medfee_sumamt": "30000.00",
    "fulamt_ownpay_amt": "1000.00",
    "preselfpay_amt": "2000.00",
    "is_referred": True,
    "bill_code": "99001234",
    "bill_no": "9000000001",
}


def new_bill(**changes: Any):
    """Return the bill of `FIELDS` and `API_BILL`."""
    return bill(
        admitted_on=date(2025, 5, 1),
        discharged_on=date(2025, 5, 10),
        invoice_number="9000000001",
        **changes,
    )


def entered(county: County) -> dict[str, str]:
    """Return a new bill as the desk confirms it, at the figures it was shown."""
    digest = county.seen(lambda: settlement_preview(new_bill(), county.person).digest)
    return FIELDS | {"key": KEY, "preview_digest": digest}


def corrected(county: County) -> dict[str, str]:
    """Return a correction of the waiting bill."""
    paper = {"invoice_code": county.waiting.invoice_code}
    paper["invoice_number"] = county.waiting.invoice_number
    figures = bill(**paper, total_fen=29_000_00)
    digest = county.seen(lambda: correction_preview(county.waiting, figures).digest)
    dates = {"admitted_on": "2025-03-01", "discharged_on": "2025-03-10", "total": "29000.00"}
    return FIELDS | paper | dates | {"key": KEY, "preview_digest": digest, "reason": "数字有误"}


def asked_by_machine(county: County) -> str:
    """Return the body that confirms a new bill through the interface."""
    certno = plain_number(county.person)
    digest = _previewed(county, certno)
    return json.dumps({"certno": certno, "bill": API_BILL, "preview_digest": digest})


def _previewed(county: County, certno: str) -> str:
    headers = {"authorization": f"Bearer {county.token_text}"}
    answer = Client(headers=headers).post(
        reverse("api:preview"),
        json.dumps({"certno": certno, "bill": API_BILL}),
        content_type=JSON,
    )
    return answer.json()["preview_digest"]


def rendered(
    worlds: Worlds, principal: str, address: str, /, **changes: Any
) -> dict[str, list[str]]:
    """Return a form as a principal's page would send it, with changes."""
    page = client_of(worlds, principal).get(address).content.decode()
    return form_with(page, next(iter(changes))).data(**changes)


def _change(name: str, row: Callable[[Worlds], Any], principal: str, /, **changes: Any):
    def body(worlds: Worlds) -> Body:
        address = reverse(f"admin:{name}_change", args=[row(worlds).pk])
        return rendered(worlds, principal, address, **changes)

    return body


def _add(name: str, principal: str, /, **changes: Any):
    def body(worlds: Worlds) -> Body:
        return rendered(worlds, principal, reverse(f"admin:{name}_add"), **changes)

    return body


def _facility_token(worlds: Worlds) -> Body:
    changes = {"name": "HIS 2", "facility": worlds.east.hospital.pk}
    return rendered(worlds, "county administrator", reverse("admin:claims_apitoken_add"), **changes)


BODIES: dict[str, Callable[[Worlds], Body]] = {
    # the desk
    "admin:claims_desk_search": lambda worlds: {"text": worlds.east.person.name},
    "admin:claims_desk_calculator": lambda _worlds: {
        "care_type": "inpatient",
        "level": "2",
        "discharged_on": "2025-03-10",
        "total": "1000",
    },
    "admin:claims_desk_live": lambda _worlds: FIELDS,
    "admin:claims_desk_confirm": lambda worlds: entered(worlds.east),
    "admin:claims_desk_reveal": lambda _worlds: {"reason": "核对证件"},
    "admin:claims_desk_reverse": lambda _worlds: {"key": KEY, "reason": "重复录入"},
    "admin:claims_desk_withdraw": lambda _worlds: {"key": KEY, "reason": "重复录入"},
    "admin:claims_desk_settle": lambda worlds: {
        "key": KEY,
        "preview_digest": worlds.east.held_digest,
    },
    "admin:claims_desk_correct_live": lambda worlds: corrected(worlds.east),
    "admin:claims_desk_correct_confirm": lambda worlds: corrected(worlds.east),
    "admin:claims_statement_print": lambda _worlds: {"key": KEY},
    "admin:claims_review_release": lambda _worlds: {"key": KEY},
    "admin:claims_review_send_back": lambda _worlds: {"key": KEY, "reason": "金额不符"},
    "admin:claims_crossing_return": lambda _worlds: {"reason": "材料不全"},
    # rows
    "admin:enrollment_readingnotice_change": _change(
        "enrollment_readingnotice",
        lambda worlds: worlds.east.notice,
        "supervisor",
        answer="已核实",
    ),
    "admin:enrollment_person_add": _add(
        "enrollment_person",
        "clerk",
        name="示例新",
        id_kind="resident_id",
        number=id_number(901, date(1980, 2, 2)),
        sex="",
    ),
    "admin:enrollment_person_change": _change(
        "enrollment_person", lambda worlds: worlds.east.person, "clerk", village="另村"
    ),
    "admin:policy_policydocument_add": _add(
        "policy_policydocument",
        "policy desk",
        number="示例〔2026〕2号",
        title="示例",
        issuer="示例局",
        issued_on="2026-02-01",
    ),
    "admin:policy_policydocument_change": _change(
        "policy_policydocument", lambda worlds: worlds.document, "policy desk", title="另题"
    ),
    "admin:offices_office_add": lambda worlds: rendered(
        worlds,
        "administrator",
        reverse("admin:offices_office_add"),
        code="new",
        name="示例新",
        kind="township",
        parent=worlds.east.office.pk,
        region=REGION,
        release_line_fen="0",
    ),
    "admin:offices_office_change": _change(
        "offices_office", lambda worlds: worlds.offices.east, "administrator", phone="000"
    ),
    "admin:offices_user_add": _add(
        "offices_user",
        "administrator",
        username="new-person",
        full_name="示例新",
        new_password=NEW_PASSWORD,
    ),
    "admin:offices_user_change": _change(
        "offices_user", lambda worlds: worlds.east.reviewer, "administrator", full_name="示例改"
    ),
    "admin:claims_facility_add": _add(
        "claims_facility", "policy desk", code="H99000000009", name="示例", region_code="990000"
    ),
    "admin:claims_facility_change": _change(
        "claims_facility", lambda worlds: worlds.east.hospital, "policy desk", name="示例改"
    ),
    "admin:claims_apitoken_add": _facility_token,
    "admin:claims_apitoken_change": _change(
        "claims_apitoken",
        lambda worlds: worlds.east.token,
        "county administrator",
        is_revoked="on",
        reason="示例",
    ),
    # rules
    "admin:policy_register": lambda worlds: rendered(
        worlds, "policy desk", reverse("admin:policy_register"), region="500000_chongqing"
    ),
    "admin:policy_activate": lambda worlds: rendered(
        worlds,
        "policy desk",
        reverse("admin:policy_activate", args=[worlds.release.pk]),
        active_from="2026-01-01",
        document_number="",
        is_confirmed="on",
    ),
    # the own account
    "admin:login": lambda _worlds: {"username": "clerk-east", "password": PASSWORD},
    "admin:password_change": lambda _worlds: {
        "old_password": PASSWORD,
        "new_password1": NEW_PASSWORD,
        "new_password2": NEW_PASSWORD,
    },
    # the machine interface
    "api:preview": lambda worlds: json.dumps(
        {"certno": plain_number(worlds.east.person), "bill": API_BILL}
    ),
    "api:confirm": lambda worlds: asked_by_machine(worlds.east),
    "api:reverse": lambda _worlds: json.dumps({"reason": "重复录入"}),
    "api:coverage": lambda worlds: json.dumps({"certno": plain_number(worlds.east.person)}),
}
