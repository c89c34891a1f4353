import pytest

from claims.settlement.explain_page import Page, band_texts, cited, quantity
from config.policy.tree import Step as Band
from tests.claims.settlement.plain import facts, plain_book


@pytest.fixture
def page(tmp_path):
    book = plain_book(tmp_path)
    bill = facts()
    return Page(book, "", book.combination(bill), {"total": 100_00, "rate_ppm": 650_000}, {})


def test_bands_in_words_of_both_languages():
    assert band_texts([Band(0, 650_000)]) == {"bands_zh": "65%", "bands_en": "65%"}
    assert band_texts([Band(0, 650_000), Band(20_000_00, 725_000)]) == {
        "bands_zh": "0.00 元以上 65%；20,000.00 元以上 72.5%",
        "bands_en": "above 0.00 65%; above 20,000.00 72.5%",
    }


def test_a_silent_pack_has_neither_quantity_nor_clause(page):
    rate = page.answer("basic.rate", "basic")
    assert quantity(None) == 0
    assert quantity(rate) == 650_000
    assert cited(None, rate, rate) == (rate.citation,)


def test_off_area_terms_are_asked_only_outside_the_area(page):
    assert page.answer("basic.off_area_rate", "basic") is None
    assert page.limits("basic") == ("basic.counts_into", "limits.basic_cap")


def test_a_step_prints_amounts_rates_and_counts(page):
    page.add("basic", "rate", "total", ("in_scope", "deductible", "rate_ppm"))
    [step] = page.steps
    assert step.sentence_en == "(in scope 0.00 - deductible 0.00) x 65% = 100.00"
    assert step.operands == {"in_scope": 0, "deductible": 0, "rate_ppm": 650_000}


def test_without_a_combination_there_is_no_rule(tmp_path):
    page = Page(plain_book(tmp_path), "", None, {}, {})
    with pytest.raises(LookupError):
        _ = page.row
