"""The PDF: one page whatever is on it, and no address but our own files."""

from dataclasses import replace

import pytest

from claims.statement.footnotes import Footnote
from claims.statement.found import latest_version, statement_version
from claims.statement.own_files import BASE, ForeignAddress, own_file
from claims.statement.pdf import in_chinese, sheet_html, sheet_pdf
from claims.statement.sheet import sheet_of
from claims.statement.tier_rows import Sentence
from tests.factories.claims import bill, confirm, current, make_facility
from tests.factories.enrollment import make_category, make_person

LONG_NAME = "阿卜杜拉·买买提依明·吐尔逊江·艾合买提"
LONG_HOSPITAL = (
    "青禾市示例区人民政府示例街道社区卫生服务中心附属康复医院（示例大学第一附属医院分院）"
)


@pytest.fixture
def crowded(desk, acting):
    """A sheet with long names, every tier at work and twelve footnotes on each sentence."""
    person = make_person(desk.east, name=LONG_NAME)
    make_category(person, "minimum_living")
    hospital = make_facility("H99000000777")
    hospital.name = LONG_HOSPITAL
    hospital.save()
    entered = bill(total_fen=480_000_00, facility_code=hospital.code)
    version = statement_version(current(confirm(person, entered)).public_id)
    notes = tuple(
        Footnote(
            n,
            f"示例医保发〔2021〕{n}号 第{n}条（{n}）项 解读 example-reading-of-clause-{n}",
            n % 3 == 0,
        )
        for n in range(1, 13)
    )
    with in_chinese():
        sheet = sheet_of(version, latest_version(version))
        tiers = tuple(
            replace(row, sentences=tuple(Sentence(each.text, notes) for each in row.sentences))
            for row in sheet.tiers
        )
        yield replace(sheet, footnotes=notes, tiers=tiers)


def test_a_crowded_statement_stays_one_page(crowded):
    assert sheet_pdf(crowded).startswith(b"%PDF-")


def test_what_cannot_fit_is_refused_instead_of_cut(crowded):
    endless = replace(crowded, notes=tuple(f"第 {n} 行" for n in range(200)))
    with pytest.raises(ValueError, match="does not fit one page"):
        sheet_pdf(endless)


def test_texts_of_people_and_facilities_are_escaped(crowded):
    hostile = replace(crowded, office="<script>alert(1)</script>", notes=('"><img src=x>',))
    html = sheet_html(hostile)
    assert "<script>alert" not in html
    assert "<img" not in html


def test_our_own_style_sheet_is_found():
    assert own_file(f"{BASE}static/claims/statement.css").name == "statement.css"


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/static/claims/statement.css",
        "http://127.0.0.1/static/claims/statement.css",
        "file:///etc/passwd",
        f"{BASE}etc/passwd",
        f"{BASE}static/../config/settings/base.py",
        f"{BASE}static/%2e%2e/%2e%2e/secret.css",
        f"{BASE}static/claims/print.js",
        f"{BASE}static/claims/missing.css",
        "data:text/css,a{}",
    ],
)
def test_every_other_address_is_refused(url):
    with pytest.raises(ForeignAddress):
        own_file(url)
