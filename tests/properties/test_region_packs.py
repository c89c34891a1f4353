"""Every pack answers every key on every quarter day of its known years, and refuses outside."""

from datetime import date, timedelta
from itertools import product

import pytest

from config.errors import PolicyNotKnown
from config.policy.loader import find_packs, load_notices, load_pack
from config.policy.schema import OUTPATIENT_BALANCE, SUBJECTS, Need, vocabulary
from config.policy.tree import PolicyTree
from tests.reference.rulebook import LIMIT_SELECTORS, SELECTORS

PACKS = find_packs()
REQUIRED = {
    spec.full_name
    for specs in SUBJECTS.values()
    for spec in specs.values()
    if spec.need is Need.REQUIRED
}
# Where one of these offers something, the keys beside it must answer too.
NEEDED_WHERE_OFFERED = {
    "basic.rate": ("basic.deductible", "basic.counts_into"),
    "basic.fixed_sum": ("basic.counts_into",),
    "assistance.rate": ("assistance.deductible", "assistance.counts_into"),
    "supplementary.rate": (
        "supplementary.threshold",
        "supplementary.requires",
        "supplementary.counts_into",
    ),
}


@pytest.fixture(params=sorted(PACKS), scope="module")
def tree(request):
    notices = load_notices()
    return PolicyTree(load_pack(PACKS[request.param], notices))


def quarter_days(tree) -> list[date]:
    first, last = tree.region.known
    days = {first, last}
    for year in range(first.year, last.year + 1):
        days |= {date(year, month, day) for month, day in ((1, 1), (4, 1), (7, 1), (10, 1))}
        days |= {date(year, month, day) for month, day in ((3, 31), (6, 30), (9, 30), (12, 31))}
    return sorted(day for day in days if first <= day <= last)


def combinations(tree, subject: str, names: tuple[str, ...]):
    words = [vocabulary(tree.region, name, subject) for name in names]
    for chosen in product(*words):
        yield dict(zip(names, chosen, strict=True))


def test_every_key_answers_on_every_quarter_day(tree):
    days = quarter_days(tree)
    silent = []
    for key, names in SELECTORS.items():
        for facts in combinations(tree, key.split(".")[0], names):
            for day in days:
                answer = tree.ask(key, day, **facts)
                if answer is None and key in REQUIRED:
                    silent.append((key, day, facts))
                assert answer is None or is_whole(answer), (key, day, facts)
    assert not silent


def is_whole(answer) -> bool:
    """Say whether an answer says something and where it comes from."""
    says = answer.value is not None or answer.is_unlimited
    return answer.citation is not None and (says or answer.status != "offered")


def test_basic_care_has_a_rate_or_a_fixed_sum(tree):
    names = ("care_type", "level", "grade", "disease", "age_group")
    for facts in combinations(tree, "basic", names):
        for day in quarter_days(tree):
            place = {name: facts[name] for name in SELECTORS["basic.fixed_sum"]}
            found = tree.ask("basic.fixed_sum", day, **place) or tree.ask(
                "basic.rate", day, **facts
            )
            assert found is not None, (day, facts)


def test_what_is_offered_has_all_it_needs(tree):
    for key, needed in NEEDED_WHERE_OFFERED.items():
        subject = key.split(".")[0]
        every = sorted({name for one in (key, *needed) for name in SELECTORS[one]})
        for facts in combinations(tree, subject, tuple(every)):
            for day in quarter_days(tree):
                check_needed(tree, key, needed, day, facts)


def check_needed(tree, key, needed, day, facts):
    offered = tree.ask(key, day, **facts)
    if offered is None or offered.status != "offered":
        return
    if key == "basic.rate" and tree.ask("basic.fixed_sum", day, **facts) is not None:
        return
    for name in needed:
        answer = tree.ask(name, day, **facts)
        assert answer is not None, (name, day, facts)
        if name.endswith("counts_into"):
            unknown = [one for one in answer.value if f"limits.{one}" not in tree.pack.keys]
            assert not unknown, (name, day, facts, unknown)


def test_every_limit_answers_on_every_quarter_day(tree):
    for name, key in tree.pack.keys.items():
        if not name.startswith("limits."):
            continue
        for facts in combinations(tree, key.subject, LIMIT_SELECTORS[key.subject]):
            for day in quarter_days(tree):
                answer = tree.ask(name, day, **facts)
                assert answer is not None, (name, day, facts)
                assert is_whole(answer), (name, day, facts)


def test_no_key_answers_outside_the_known_days(tree):
    first, last = tree.region.known
    for day in (first - timedelta(days=1), last + timedelta(days=1), date(1999, 7, 1)):
        for key, names in SELECTORS.items():
            facts = next(combinations(tree, key.split(".")[0], names))
            with pytest.raises(PolicyNotKnown):
                tree.ask(key, day, **facts)


def test_the_keys_known_here_are_those_of_the_format():
    declared = {spec.full_name for specs in SUBJECTS.values() for spec in specs.values()}
    assert declared == set(SELECTORS)
    for specs in SUBJECTS.values():
        for spec in specs.values():
            assert set(spec.selectors) == set(SELECTORS[spec.full_name]), spec.full_name
    assert OUTPATIENT_BALANCE == "outpatient_balance"
