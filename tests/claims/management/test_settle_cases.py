import io
import json
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command, execute_from_command_line
from django.utils import translation

import claims
from claims.sentences import CLAIMS_SENTENCES
from tests.claims.management.codes import codes_raised_in

SETTLEMENT = Path(claims.__file__).parent / "settlement"
CASES = Path(__file__).parents[1] / "cases"
PACKS = Path(__file__).parents[1] / "packs"
CASE = {
    "name": "one stay",
    "region": "230800_jiamusi",
    "events": [
        {
            "bill": "A",
            "care_type": "inpatient",
            "level": 3,
            "discharged_on": "2022-02-10",
            "total": "49000.00 yuan",
            "self_pay_first": "9000.00 yuan",
            "expect": {"basic": "25545.00 yuan"},
        }
    ],
}


@pytest.fixture
def file(tmp_path):
    def write(*cases, name="cases.yaml"):
        path = tmp_path / name
        path.write_text(yaml.safe_dump(list(cases), allow_unicode=True), encoding="utf-8")
        return path

    return write


def run(*args, **options):
    out, err = io.StringIO(), io.StringIO()
    mistake = ""
    try:
        with translation.override("en"):
            call_command("settle_cases", *map(str, args), stdout=out, stderr=err, **options)
    except CommandError as error:
        mistake = str(error)
    return out.getvalue(), err.getvalue(), mistake


def failing():
    return CASE | {"events": [CASE["events"][0] | {"expect": {"basic": "25545.01 yuan"}}]}


def test_cases_that_hold_print_every_figure(file):
    printed, said, mistake = run(file(CASE))
    assert mistake == ""
    assert "1 cases, 1 expectations, 0 failed" in said
    assert "one stay [230800_jiamusi]" in printed
    lines = [line.split() for line in printed.splitlines()]
    assert ["catastrophic_base", "14,455.00", "yuan"] in lines
    assert ["own_share", "21,859.25", "yuan"] in lines


def test_a_case_that_fails_names_everything(file):
    _, said, mistake = run(file(failing()))
    assert mistake == "1 cases, 1 expectations, 1 failed"
    assert (
        "one stay: bill A: basic: expected 25,545.01 yuan, got 25,545.00 yuan" in said.splitlines()
    )


def test_the_exit_codes(file, capsys):
    execute_from_command_line(["manage.py", "settle_cases", str(file(CASE))])
    with pytest.raises(SystemExit) as ended:
        execute_from_command_line(["manage.py", "settle_cases", str(file(failing()))])
    assert ended.value.code == 1
    assert "expected 25,545.01 yuan" in capsys.readouterr().err


def test_json_holds_every_bill_and_failure(file):
    printed, _, _ = run(file(CASE | {"name": "first"}, failing()), "--format", "json")
    first, second = json.loads(printed)
    assert set(first) == {"case", "region", "bills", "failures"}
    assert (first["case"], first["failures"]) == ("first", [])
    assert first["bills"]["A"]["catastrophic"] == "1,595.75 yuan"
    assert first["bills"]["A"]["outcome"] == "paid"
    assert len(second["failures"]) == 1


def test_a_file_of_json_is_read_too(tmp_path):
    path = tmp_path / "cases.json"
    path.write_text(json.dumps([CASE]), encoding="utf-8")
    assert run(path)[2] == ""


def test_packs_from_elsewhere():
    path = CASES / "901000_absolute" / "catastrophic.yaml"
    assert run(path, "--packs", PACKS)[2] == ""
    assert run(path, packs="")[2].startswith("There is no policy pack for region 901000_absolute")


def test_an_unreadable_file_is_said_in_a_sentence(file, tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text("- name: [", encoding="utf-8")
    assert "broken.yaml" in run(broken)[2]
    assert "nowhere.yaml" in run(tmp_path / "nowhere.yaml")[2]
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("name: one", encoding="utf-8")
    assert run(mapping)[2] == f"{mapping} holds no list of cases."


def test_a_mistake_in_a_case_is_said_with_its_place(file):
    events = [CASE["events"][0] | {"total": "49000.00"}]
    assert run(file(CASE | {"events": events}))[2] == (
        "one stay: event 1: total: Write the amount “49000.00” in words, for example 49000.00 yuan."
    )


def test_every_code_of_a_case_has_its_sentence():
    sources = [*SETTLEMENT.glob("*.py"), SETTLEMENT.parent / "management/commands/settle_cases.py"]
    codes = {code for path in sources for code in codes_raised_in(path)}
    assert "claims.case.unknown_word" in codes
    assert codes <= set(CLAIMS_SENTENCES)
