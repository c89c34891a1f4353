import shutil

import pytest

from config.policy.loader import NOTICES as SHIPPED
from config.policy.loader import PolicyErrors, load_notices
from tests.config.policy.sound_pack import NOTICES


def changed(folder, old, new, name="sound-2021.yaml"):
    text = (NOTICES / "sound-2021.yaml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    return load_notices([folder])


def test_the_notices_of_the_product_load():
    notices = load_notices([SHIPPED])
    assert {
        "national-2019-30",
        "national-2021-32",
        "national-2022-20",
        "chongqing-2020-62",
        "jiamusi-2021",
    } <= set(notices)
    assert notices["national-2022-20"].number == "医保发〔2022〕20号"
    assert "二.1" in notices["jiamusi-2021"].clauses


def test_a_statement_keeps_its_figure_and_for_whom_it_speaks():
    clause = load_notices([NOTICES])["sound-2021"].clauses["一"]
    assert [statement.kind for statement in clause.statements] == ["mandate", "floor"]
    assert clause.statements[1].number == 600_000
    assert clause.statements[1].selectors == {"care_type": ("inpatient",)}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("notice: sound-2021", "notice: sound-2012", "wrong_name"),
        ("kind: floor", "kind: flor", "unknown_word"),
        ("value: 60%", "value: 60", "bare_number"),
        ("value: 60%", "value: 60.00001%", "bad_quantity"),
        ("issued_on: 2021-01-04", "issued_on: January", "not_a_date"),
        ("topic: benefits", "subject: benefits", "unknown_key"),
        ("for: {care_type: inpatient}", "for: {care: inpatient}", "unknown_key"),
    ],
)
def test_a_wrong_notice_is_refused(old, new, code, tmp_path):
    with pytest.raises(PolicyErrors) as caught:
        changed(tmp_path, old, new)
    assert code in {problem.code for problem in caught.value.problems}


def test_the_day_of_issue_may_be_not_known(tmp_path):
    assert (
        changed(tmp_path, "issued_on: 2021-01-04", "issued_on: not_known")["sound-2021"].issued_on
        is None
    )


def test_two_notices_cannot_share_an_id(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        shutil.copy(NOTICES / "sound-2021.yaml", tmp_path / name)
    with pytest.raises(PolicyErrors) as caught:
        load_notices([tmp_path])
    assert [problem.code for problem in caught.value.problems] == ["duplicate_notice"]
