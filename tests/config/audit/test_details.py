"""What an event kept, as people read it."""

from django.utils.translation import override

from config.audit.details import LABELS, details_of
from config.audit.verbs import VERBS


def test_every_detail_an_event_may_keep_has_a_label():
    keys = {key for verb in VERBS.values() for key in verb.payload}
    assert keys == set(LABELS)


def test_money_is_told_in_yuan_and_codes_in_words():
    payload = {"number": "2026-000023", "outcome": "paid", "fund_fen": 7539030}
    with override("en"):
        assert details_of(payload) == (
            "number: 2026-000023; outcome: Settled; paid by the funds: 75,390.30"
        )


def test_lists_amounts_and_missing_days_are_told():
    payload = {
        "fields": ["id_digest", "name", "phone"],
        "amounts": {"basic_cap": -100},
        "through_on": "",
    }
    with override("en"):
        assert details_of(payload) == "fields: name, phone; amounts: basic_cap -1.00; through: —"
