"""Figures change between preview and confirmation: what was not shown is never stored."""

import random
from copy import deepcopy
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from uuid import uuid4

import pytest

from claims.models import AccountEntry, EntryKind, FacilityLevel, Settlement
from claims.services import correction, held_bill, settlement
from claims.services.account import EntryInput, account_post
from claims.services.correction import bill_correct, correction_preview
from claims.services.held_bill import bill_settle, bill_settle_preview
from claims.services.preview import settlement_preview
from claims.services.settlement import settlement_confirm
from config.errors import DomainError
from config.offices.acting import run_in_office
from config.policy import selectors
from config.policy.models import PolicyRelease, ReleaseActivation
from config.policy.pack import RegionPack
from enrollment.models import CoverageSpell, Person
from tests.claims.conftest import make_desk
from tests.factories.claims import REGION, bill, confirm, correct, reverse
from tests.factories.enrollment import make_category, make_certification, make_cover, make_person

pytestmark = pytest.mark.row("A3")
CHRONIC = {
    "care_type": "chronic_special",
    "disease": "hypertension",
    "admitted_on": date(2025, 3, 10),
    "total_fen": 3_000_00,
    "fully_self_paid_fen": 0,
    "self_pay_first_fen": 0,
}


@pytest.fixture
def desk(db):
    return make_desk()


_versions = iter(range(1, 10_000))


class Try:
    """One bill between its preview and its confirmation."""

    def __init__(self, desk, draw, monkeypatch):
        self.desk, self.draw, self.monkeypatch = desk, draw, monkeypatch
        self.person = make_person(desk.east)
        self.earlier = confirm(self.person)
        self.entered = bill(**(CHRONIC if draw.random() < 0.4 else {}))


def category(made):
    make_category(made.person, made.draw.choice(["minimum_living", "near_poor", "orphan"]))


def cover_ends(made):
    CoverageSpell.objects.filter(person=made.person).update(through_on=date(2024, 12, 31))


def grade(made):
    CoverageSpell.objects.filter(person=made.person).update(grade="grade_2")


def certification(made):
    make_certification(made.person, "hypertension")


def release(made):
    content = deepcopy(made.desk.release.content)
    content["region"]["name_en"] = f"Qinghe, release {next(_versions)}"
    pack = RegionPack.from_content(content)
    stored = PolicyRelease.objects.create(
        region=REGION, digest=pack.digest, kind=pack.region.kind, content=content
    )
    ReleaseActivation.objects.create(release=stored, region=REGION, active_from=date(2020, 1, 1))
    made.monkeypatch.setattr(
        selectors, "pack_of_files", lambda _region: SimpleNamespace(digest=pack.digest)
    )


def another_claim(made):
    confirm(made.person)


def a_reversal(made):
    reverse(made.earlier)


def a_correction(made):
    correct(made.earlier, bill(total_fen=made.draw.randrange(40_000_00, 90_000_00)))


def a_grant(made):
    with run_in_office(made.desk.east, made.desk.supervisor):
        amount = made.draw.choice([1, 50_000_00, 99_999_00])
        entered = EntryInput(EntryKind.GRANT, {"basic_cap": amount}, "test")
        account_post(made.person, 2025, entered, key=str(uuid4()))


def level(made):
    FacilityLevel.objects.update(level=made.draw.choice([1, 2, 3]))


def birth(made):
    born_on = made.draw.choice([date(1940, 1, 1), date(2015, 1, 1), date(1971, 1, 1)])
    Person.objects.filter(pk=made.person.pk).update(birth_on=born_on)
    made.person.refresh_from_db()


def nothing(_made):
    pass


CHANGES = (
    category, cover_ends, grade, certification, release, another_claim, a_reversal,
    a_correction, a_grant, level, birth, nothing,
)  # fmt: skip


def by_confirmation(made):
    shown = settlement_preview(made.entered, made.person)
    return shown, lambda: settlement_confirm(
        made.entered, made.person, key=str(uuid4()), preview_digest=shown.digest
    )


def by_correction(made):
    target = confirm(made.person)
    entered = replace(
        made.entered,
        total_fen=20_000_00,
        invoice_code=target.invoice_code,
        invoice_number=target.invoice_number,
    )
    shown = correction_preview(target, entered)
    return shown, lambda: bill_correct(
        target, entered, key=str(uuid4()), preview_digest=shown.digest, reason="更正"
    )


def by_a_held_bill(made):
    made.person = make_person(made.desk.east, covered=False)
    held = confirm(made.person)
    make_cover(made.person)
    made.earlier = confirm(made.person)
    shown = bill_settle_preview(held)
    return shown, lambda: bill_settle(held, key=str(uuid4()), preview_digest=shown.digest)


WAYS = (by_confirmation, by_confirmation, by_correction, by_a_held_bill)


def one_try(desk, draw, monkeypatch, number):
    """Show, change, confirm; returns the word for what happened, and what was silent."""
    made = Try(desk, draw, monkeypatch)
    try:
        shown, store = draw.choice(WAYS)(made)
    except DomainError:
        return "no preview", None
    change = CHANGES[number % len(CHANGES)]
    change(made)
    before = Settlement.objects.count(), AccountEntry.objects.count()
    try:
        answer = store()
    except DomainError as refusal:
        assert (Settlement.objects.count(), AccountEntry.objects.count()) == before
        return refusal.code, None
    stored = answer["settlement"] and Settlement.objects.get(public_id=answer["settlement"])
    if not stored:
        return "held", None if shown.decided.outcome == "held" else f"{change.__name__}: held"
    figures = shown.decided.figures
    differs = [
        name
        for name in ("basic", "catastrophic", "assistance", "supplementary", "own_share", "cash")
        if getattr(stored, f"{name}_fen") != figures[name]
    ]
    if stored.release_id != shown.release_id:
        differs.append("release")
    return "stored", f"{change.__name__}: {differs}" if differs else None


def silent_changes(desk, monkeypatch, seed, tries):
    draw, words, silent = random.Random(seed), {}, []
    with run_in_office(desk.east, desk.clerk):
        for number in range(tries):
            word, wrong = one_try(desk, draw, monkeypatch, number)
            words[word] = words.get(word, 0) + 1
            silent += [wrong] if wrong else []
            FacilityLevel.objects.update(level=3)
    print(sorted(words.items()))
    return silent, words


def test_what_was_not_shown_is_asked_for_again(desk, monkeypatch, seed, tried):
    silent, words = silent_changes(desk, monkeypatch, seed, 5 * len(CHANGES))
    tried(5 * len(CHANGES))
    assert silent == []
    assert words["claims.settlement.changed_since_preview"] > len(CHANGES)
    assert words["stored"] > 0


@pytest.mark.nightly
def test_of_five_hundred_changes_none_is_silent(desk, monkeypatch, seed, tried):
    silent, _words = silent_changes(desk, monkeypatch, seed, 500)
    tried(500)
    assert silent == []


def test_without_the_comparison_changes_are_silent(desk, monkeypatch, seed):
    """The control: a confirmation that does not compare stores what nobody saw."""
    for module in (settlement, correction, held_bill):
        monkeypatch.setattr(module, "refuse_changed", lambda _preview, _digest: None)
    silent, _words = silent_changes(desk, monkeypatch, seed, 2 * len(CHANGES))
    assert len(silent) > 3
