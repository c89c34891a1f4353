"""Preview, confirm, statement, reverse: the same figures as the services, to the fen."""

from datetime import date

import pytest

from claims.models import Bill, Settlement, SettlementRelease
from claims.services.preview import settlement_preview
from config.audit.models import AuditEvent
from config.money import plain_yuan
from config.offices.acting import run_in_office
from tests.claims.api.conftest import bill_body, codes
from tests.factories.claims import bill, confirm, current
from tests.factories.enrollment import make_category, make_cover, make_person

NATIONAL = {
    "medfee_sumamt": "total",
    "fulamt_ownpay_amt": "fully_self_paid",
    "overlmt_selfpay": "over_limit_price",
    "preselfpay_amt": "self_pay_first",
    "inscp_scp_amt": "in_scope",
    "act_pay_dedc": "deductible",
    "hifp_pay": "basic",
    "hifmi_pay": "catastrophic",
    "maf_pay": "assistance",
    "hosp_part_amt": "hospital_part",
    "psn_part_amt": "own_share",
    "acct_pay": "account_paid",
    "psn_cash_pay": "cash",
    "own_within_amt": "own_within",
    "own_outside_amt": "own_outside",
}


def fen(text):
    yuan, _, rest = text.partition(".")
    assert len(rest) == 2
    return int(yuan) * 100 + int(rest)


def test_a_preview_says_what_the_service_says_and_stores_nothing(interface):
    desk = interface.desk
    with run_in_office(desk.east, desk.clerk):
        make_category(interface.person, "minimum_living")
        told = settlement_preview(bill(total_fen=300_000_00), interface.person)
    answer = interface.caller.preview(interface.certno, bill=bill_body(medfee_sumamt="300000.00"))
    assert answer.status_code == 200
    shown, figures = answer.json(), told.decided.figures
    assert shown["preview_digest"] == told.digest
    money = shown["settlement"]
    assert {name: money[name] for name in NATIONAL} == {
        name: plain_yuan(figures[ours]) for name, ours in NATIONAL.items()
    }
    assert figures["catastrophic"] > 0
    assert figures["assistance"] > 0
    assert fen(money["othfund_pay"]) == figures["supplementary"] + figures["other_aid"]
    assert fen(money["fund_pay_sumamt"]) == told.decided.fund_fen + figures["other_aid"]
    with run_in_office(desk.east, desk.clerk):
        assert not Bill.objects.exists()


def test_the_lines_add_up_and_name_clauses_and_limits(interface):
    money = interface.caller.preview(interface.certno).json()["settlement"]
    lines = {line["payer"]: line for line in money["setldetail"]}
    assert sum(fen(line["fund_payamt"]) for line in lines.values()) == fen(money["fund_pay_sumamt"])
    assert [lines[payer]["fund_pay_type"] for payer in lines] == [
        "390100",
        "390200",
        "610100",
        None,
        None,
    ]
    assert fen(money["psn_part_amt"]) == (
        fen(money["medfee_sumamt"]) - fen(money["fund_pay_sumamt"]) - fen(money["hosp_part_amt"])
    )
    basic = lines["basic"]
    assert basic["inscp_scp_amt"] == money["inscp_scp_amt"]
    assert any(step["clauses"] for step in basic["setl_proc_info"])
    limits = {limit["id"]: limit for limit in money["limits"]}
    basic_limits = [limit for limit in limits.values() if "basic" in limit["payers"]]
    assert fen(basic["crt_payb_lmt_amt"]) == min(
        fen(limit["crt_payb_lmt_amt"]) for limit in basic_limits
    )
    for limit in basic_limits:
        assert fen(limit["used_amt"]) == fen(money["hifp_pay"])


def test_other_aid_is_told_apart_from_supplementary_assistance(interface):
    entered = bill_body(other_aid_amt="500.00", other_aid_payer="慈善会")
    money = interface.caller.preview(interface.certno, bill=entered).json()["settlement"]
    lines = {line["payer"]: line["fund_payamt"] for line in money["setldetail"]}
    assert lines["other_aid"] == "500.00"
    assert lines["supplementary"] == "0.00"
    assert money["othfund_pay"] == "500.00"


def test_from_preview_to_reversal(interface):
    desk, caller = interface.desk, interface.caller
    answer = caller.settle(interface.certno)
    assert answer.status_code == 201, answer.json()
    settled = answer.json()
    with run_in_office(desk.east, desk.clerk):
        stored = Settlement.objects.get()
        assert str(stored.public_id) == settled["setl_id"]
        assert stored.actor is None
        assert settled["bill_number"] == stored.bill.number
    money = settled["version"]["settlement"]
    assert money["hifp_pay"] == plain_yuan(stored.basic_fen)
    assert money["psn_part_amt"] == plain_yuan(stored.own_share_fen)
    told = caller.statement(settled["setl_id"]).json()
    assert {name: told[name] for name in settled["version"]} == settled["version"]
    assert (told["standing"], told["is_released"]) == ("current", False)
    assert told["certno_last4"] == interface.certno[-4:]
    assert interface.certno not in str(told)
    by_number = caller.client.get(f"/api/v1/statements/by-number/{settled['bill_number']}/")
    assert by_number.json() == told
    reversed_ = caller.reverse(settled["setl_id"])
    assert reversed_.status_code == 200, reversed_.json()
    zero = caller.statement(reversed_.json()["setl_id"]).json()
    assert (zero["outcome"], zero["settlement"]["medfee_sumamt"]) == ("reversed", "0.00")
    assert caller.statement(settled["setl_id"]).json()["standing"] == "void"


def test_every_act_names_the_token(interface):
    answer = interface.caller.settle(interface.certno).json()
    interface.caller.statement(answer["setl_id"])
    interface.caller.reverse(answer["setl_id"])
    interface.caller.coverage(interface.certno)
    with run_in_office(interface.desk.east, roles=["auditor"]):
        events = AuditEvent.objects.filter(agent=interface.token.agent).order_by("id")
        acts = [event.verb for event in events if event.verb != "person.opened"]
        assert len(events) > len(acts), "looks at the person are on record too"
        assert acts == [
            "settlement.asked",
            "bill.entered",
            "settlement.confirmed",
            "statement.asked",
            "settlement.reversed",
            "coverage.asked",
        ]
        assert {(event.actor_id, event.roles) for event in events} == {(None, "facility")}


def test_another_person_releases_what_came_through_the_interface(interface):
    desk = interface.desk
    interface.caller.settle(interface.certno)
    from claims.services.settlement import settlement_release

    with run_in_office(desk.east, desk.reviewer):
        settlement_release(Settlement.objects.get(), key="r")
        assert SettlementRelease.objects.get().maker is None


def test_without_a_person_the_level_is_enough(interface):
    entered = bill_body(bill_code=None, bill_no=None, is_referred=None)
    own = interface.caller.preview(bill=entered).json()
    assert own["outcome"] == "paid"
    assert own["preview_digest"] is own["psn_no"] is None
    low = interface.caller.preview(bill=entered, level=1).json()["settlement"]
    assert fen(low["hifp_pay"]) > fen(own["settlement"]["hifp_pay"])


def test_a_held_bill_shows_its_reason_and_no_amount(interface):
    desk = interface.desk
    with run_in_office(desk.east, desk.clerk):
        uncovered = make_person(desk.east, covered=False)
    from tests.claims.api.conftest import plain_number

    answer = interface.caller.settle(plain_number(uncovered))
    assert answer.status_code == 201
    held = answer.json()
    assert (held["outcome"], held["setl_id"], held["version"]) == ("held", None, None)
    assert [reason["code"] for reason in held["reasons"]] == ["H01"]


def test_a_refused_bill_is_stored_with_its_reason(interface):
    desk = interface.desk
    with run_in_office(desk.east, desk.clerk):
        waiting = make_person(desk.east, covered=False)
        make_cover(waiting, "waiting")
    from tests.claims.api.conftest import plain_number

    refused = interface.caller.settle(plain_number(waiting)).json()
    assert refused["outcome"] == "refused"
    assert [reason["code"] for reason in refused["reasons"]] == ["R01"]
    assert refused["version"]["settlement"]["psn_part_amt"] == "30000.00"


def test_a_reversal_tells_of_own_bills_only(interface):
    first = interface.caller.settle(interface.certno).json()
    interface.other.settle(interface.certno)
    third = interface.caller.settle(interface.certno).json()
    answer = interface.caller.reverse(first["setl_id"]).json()
    assert answer["resettled"] == [third["bill_number"]]
    old = interface.caller.statement(third["setl_id"]).json()
    assert old["standing"] == "superseded"
    newest = interface.caller.statement(old["latest_setl_id"]).json()
    assert (newest["act"], newest["standing"]) == ("resettle", "current")


def test_the_worksheet_comes_along(interface):
    items = [
        {
            "item_name": "床位费",
            "chrgitm_lv": "01",
            "det_item_fee_sumamt": "27000.00",
        },
        {
            "item_name": "检查",
            "chrgitm_lv": "02",
            "det_item_fee_sumamt": "2000.00",
            "preselfpay_amt": "2000.00",
        },
        {
            "item_name": "特需",
            "chrgitm_lv": "03",
            "det_item_fee_sumamt": "1000.00",
            "fulamt_ownpay_amt": "1000.00",
        },
    ]
    answer = interface.caller.settle(interface.certno, items=items)
    assert answer.status_code == 201, answer.json()
    items[0]["det_item_fee_sumamt"] = "26000.00"
    answer = interface.caller.preview(interface.certno, bill=bill_body(items=items))
    assert codes(answer) == [("claims.bill.items_do_not_add_up", "bill.medfee_sumamt")]
    items[2]["fulamt_ownpay_amt"] = "0"
    answer = interface.caller.preview(interface.certno, bill=bill_body(items=items))
    assert ("claims.bill.item_class_c_is_self_paid", "bill.items.2") in codes(answer)


@pytest.mark.parametrize("is_direct", [True, False])
def test_what_the_desk_settled_directly_is_the_facilitys_too(interface, is_direct):
    desk = interface.desk
    kind = {} if is_direct else {"kind": "manual", "received_on": date(2025, 4, 1)}
    with run_in_office(desk.east, desk.clerk):
        version = current(confirm(interface.person, bill(**kind)))
    answer = interface.caller.statement(version.public_id)
    assert answer.status_code == (200 if is_direct else 404)
