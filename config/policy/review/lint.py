"""What a pack that loads may still have wrong: warnings, never a reason to stop.

Notices do contain odd figures, so nothing here refuses a pack; `policy_check` prints it
and a person decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise, product

from config.calendar import DaySpan
from config.money import PPM, format_ppm
from config.policy.answers import NOT_KNOWN, OFFERED, Answer, Step
from config.policy.citation import Statement
from config.policy.keys import PolicyKey, Value, Word
from config.policy.pack import RegionPack
from config.policy.region import NONE
from config.policy.schema import CARE_TYPES_BY_DISEASE, LIMITS, SUBJECTS, Kind, vocabulary
from config.policy.spans import boundaries
from config.policy.text import answer_text, selector_text
from config.policy.tree import PolicyTree

STALE_AFTER = timedelta(days=365)

_RATE_KINDS = (Kind.RATE, Kind.RATE_OR_STEPS)
_DEDUCTIBLES = (
    "basic.deductible",
    "catastrophic.deductible",
    "assistance.deductible",
    "supplementary.threshold",
)
_RANKED = (
    "basic.category_bonus",
    "basic.deductible",
    "catastrophic.deductible",
    "catastrophic.brackets",
    "assistance.rate",
    "assistance.deductible",
    "supplementary.rate",
    "supplementary.threshold",
)

Facts = dict[str, Word]


@dataclass(frozen=True, order=True)
class Oddity:
    """One warning.

    Attributes:
        key: key it stands in.
        code: stable code.
        text: what is odd.
        place: file and line, where known.
    """

    key: str
    code: str
    text: str
    place: str = ""

    def __str__(self) -> str:
        """Print it with its place."""
        return f"{self.place}: {self.code}: {self.key}: {self.text}"


@dataclass(frozen=True)
class UnknownSpan:
    """Days for which the pack says that it does not know."""

    key: str
    selectors: str
    span: DaySpan
    why: str


def lint(pack: RegionPack, today: date) -> list[Oddity]:
    """Return every warning of a pack, sorted by key."""
    tree = PolicyTree(pack)
    found = {
        *_rates_over_whole(pack),
        *_rates_rising(pack, tree),
        *_lower_ranks_better(pack, tree),
        *_caps_below_deductibles(pack, tree),
        *_below_floors(pack),
        *_unused_limits(pack),
        *_quotes_not_found(pack),
        *_stale(pack, today),
    }
    return sorted(found)


def unknown_spans(pack: RegionPack) -> list[UnknownSpan]:
    """List what the pack says it does not know, with the reason."""
    return [
        UnknownSpan(key.name, selector_text(value.selectors), value.span, value.answer.citation.why)
        for key in pack.keys.values()
        for value in key.values
        if value.answer.status == NOT_KNOWN
    ]


def _place(value: Value | None, key: PolicyKey) -> str:
    origin = (value.origin if value else None) or key.origin
    return f"{origin.file}:{origin.line}" if origin else ""


def _facts(pack: RegionPack, keys: list[PolicyKey], fixed: Facts) -> Iterator[Facts]:
    """Yield every combination the keys depend on that a bill can have."""
    used = {name: key.subject for key in keys for name in key.selectors if name not in fixed}
    words = [vocabulary(pack.region, name, subject) for name, subject in used.items()]
    for chosen in product(*words):
        facts: Facts = {**fixed, **dict(zip(used, chosen, strict=True))}
        care_type, disease = facts.get("care_type"), facts.get("disease")
        if care_type is not None and disease is not None:
            is_missing = disease == NONE and care_type in CARE_TYPES_BY_DISEASE
            if is_missing or not pack.region.may_name(str(care_type), str(disease)):
                continue
        yield facts


def _steps(answer: Answer) -> tuple[Step, ...]:
    """Return a rate as bands; what is not offered pays 0."""
    if isinstance(answer.value, int):
        return (Step(0, answer.value),)
    if isinstance(answer.value, tuple):
        return tuple(step for step in answer.value if isinstance(step, Step))
    return ()


def _pay_at(steps: tuple[Step, ...], fen: int) -> int:
    return next((step.pay_ppm for step in reversed(steps) if step.over_fen <= fen), 0)


def _pays_more(one: Answer, other: Answer) -> bool:
    """Say whether anywhere the next yuan is paid at a higher rate by one than by the other."""
    steps, others = _steps(one), _steps(other)
    return any(
        _pay_at(steps, step.over_fen) > _pay_at(others, step.over_fen) for step in (*steps, *others)
    )


def _is_better(key: str, one: Answer, other: Answer) -> bool:
    """Say whether one answer is better for the patient than the other."""
    if NOT_KNOWN in (one.status, other.status):
        return False
    if key in _DEDUCTIBLES:
        both = isinstance(one.value, int) and isinstance(other.value, int)
        return both and _amount(one) < _amount(other)
    if key.startswith(f"{LIMITS}."):
        return not other.is_unlimited and (one.is_unlimited or _amount(one) > _amount(other))
    return _pays_more(one, other)


def _amount(answer: Answer) -> int:
    return answer.value if isinstance(answer.value, int) else 0


def _rates_over_whole(pack: RegionPack) -> Iterator[Oddity]:
    for key in pack.keys.values():
        subject, _, name = key.name.partition(".")
        if subject == LIMITS or SUBJECTS[subject][name].kind not in _RATE_KINDS:
            continue
        for value in key.values:
            highest = max((step.pay_ppm for step in _steps(value.answer)), default=0)
            if highest > PPM:
                text = f"{format_ppm(highest)} is more than the whole"
                yield Oddity(key.name, "rate_over_whole", text, _place(value, key))


def _rates_rising(pack: RegionPack, tree: PolicyTree) -> Iterator[Oddity]:
    """Find rates that rise with the facility level: the notices steer patients downwards."""
    for lower, higher in pairwise(sorted(pack.region.levels)):
        yield from _better(
            pack, tree, "basic.rate", ("level", higher), ("level", lower), "rate_rises_with_level"
        )


def _lower_ranks_better(pack: RegionPack, tree: PolicyTree) -> Iterator[Oddity]:
    """Find categories that fare better than one ranked before them."""
    limits = tuple(name for name in pack.keys if name.startswith(f"{LIMITS}."))
    for name in (*_RANKED, *limits):
        if name not in pack.keys:
            continue
        ranked = vocabulary(pack.region, "category", pack.keys[name].subject)
        for place, better in enumerate(ranked):
            for lower in ranked[place + 1 :]:
                yield from _better(
                    pack, tree, name, ("category", lower), ("category", better), "lower_rank_better"
                )


def _better(
    pack: RegionPack,
    tree: PolicyTree,
    name: str,
    one: tuple[str, Word],
    other: tuple[str, Word],
    code: str,
) -> Iterator[Oddity]:
    """Find where `one` fares better than `other`, everything else equal."""
    key = pack.keys.get(name)
    if key is None or one[0] not in key.selectors:
        return
    for day in boundaries(key.values, pack.region.known_span):
        for facts in _facts(pack, [key], dict([one])):
            best = tree.ask(name, day, **facts)
            less = tree.ask(name, day, **{**facts, other[0]: other[1]})
            if best is None or less is None or not _is_better(name, best, less):
                continue
            text = f"{one[1]} has {answer_text(name, best)}, {other[1]} has {answer_text(name, less)}, from {day}"
            yield Oddity(name, code, text, _place(_value_of(key, best), key))


def _value_of(key: PolicyKey, answer: Answer) -> Value | None:
    return next((value for value in key.values if value.answer is answer), None)


def _caps_below_deductibles(pack: RegionPack, tree: PolicyTree) -> Iterator[Oddity]:
    """Find limits that are lower than the deductible one has to pass to use them."""
    for name in _DEDUCTIBLES:
        drawn = f"{name.partition('.')[0]}.counts_into"
        if name not in pack.keys or drawn not in pack.keys:
            continue
        for limit_id in tree.limit_ids:
            keys = [pack.keys[name], pack.keys[drawn], pack.keys[f"{LIMITS}.{limit_id}"]]
            if keys[2].subject == keys[0].subject:
                yield from _cap_below(pack, tree, limit_id, keys)


def _cap_below(
    pack: RegionPack, tree: PolicyTree, limit_id: str, keys: list[PolicyKey]
) -> Iterator[Oddity]:
    deductible_key, _, limit_key = keys
    for day in boundaries([value for key in keys for value in key.values], pack.region.known_span):
        for facts in _facts(pack, keys, {}):
            deductible, drawn, limit = (tree.ask(key.name, day, **facts) for key in keys)
            if deductible is None or drawn is None or limit is None:
                continue
            names_it = isinstance(drawn.value, tuple) and limit_id in drawn.value
            is_number = isinstance(limit.value, int) and deductible.status == OFFERED
            if names_it and is_number and _amount(limit) < _amount(deductible):
                text = (
                    f"{answer_text(limit_key.name, limit)} is below the deductible of "
                    f"{answer_text(deductible_key.name, deductible)}"
                )
                place = _place(_value_of(limit_key, limit), limit_key)
                yield Oddity(limit_key.name, "cap_below_deductible", text, place)


def _below_floors(pack: RegionPack) -> Iterator[Oddity]:
    """Find regional values below a national or provincial floor (不低于)."""
    for notice in pack.notices.values():
        for clause in notice.clauses.values():
            for statement in clause.statements:
                key = pack.keys.get(statement.key)
                if statement.kind != "floor" or statement.number is None or key is None:
                    continue
                for value in key.values:
                    if _is_below(value, statement, statement.number):
                        text = f"{answer_text(key.name, value.answer)} is below the floor of {notice.number} {clause.id}"
                        yield Oddity(key.name, "below_floor", text, _place(value, key))


def _is_below(value: Value, statement: Statement, floor: int) -> bool:
    speaks = DaySpan.inclusive(statement.start or date.min, statement.through)
    if value.span.overlap(speaks) is None or not _may_meet(value.selectors, statement.selectors):
        return False
    if value.answer.is_unlimited or value.answer.status != OFFERED:
        return False
    if isinstance(value.answer.value, tuple):
        return any(step.pay_ppm < floor for step in _steps(value.answer))
    return _amount(value.answer) < floor


def _may_meet(one: Mapping[str, tuple[Word, ...]], other: Mapping[str, tuple[Word, ...]]) -> bool:
    """Say whether some bill is meant by both selections."""
    return all(set(words) & set(other.get(name, words)) for name, words in one.items())


def _quotes_not_found(pack: RegionPack) -> Iterator[Oddity]:
    """Find quotes that no statement of the cited clause holds, spaces aside."""
    for key in pack.keys.values():
        for value in key.values:
            citation = value.answer.citation
            notice = pack.notices.get(citation.notice)
            if citation.kind != "cite" or notice is None or citation.clause not in notice.clauses:
                continue
            quote = "".join(citation.quote.split())
            stated = [
                "".join(each.quote.split()) for each in notice.clauses[citation.clause].statements
            ]
            if not any(quote in words or words in quote for words in stated):
                yield Oddity(
                    key.name,
                    "quote_not_found",
                    f"{citation.notice} {citation.clause}: {citation.quote}",
                    _place(value, key),
                )


def _unused_limits(pack: RegionPack) -> Iterator[Oddity]:
    drawn: set[object] = set()
    for name, key in pack.keys.items():
        if name.endswith(".counts_into"):
            for value in key.values:
                drawn.update(value.answer.value if isinstance(value.answer.value, tuple) else ())
    for name, key in pack.keys.items():
        if name.startswith(f"{LIMITS}.") and name.removeprefix(f"{LIMITS}.") not in drawn:
            yield Oddity(name, "limit_not_used", "no counts_into names it", _place(None, key))


def _stale(pack: RegionPack, today: date) -> Iterator[Oddity]:
    """Find keys with values that nobody compared with their text for a year."""
    for key in pack.keys.values():
        checked = ((value.answer.citation.verified_on, value) for value in key.values)
        stale = [
            (day, value) for day, value in checked if day is not None and today - day > STALE_AFTER
        ]
        if stale:
            oldest, value = min(stale, key=lambda pair: pair[0])
            text = f"{len(stale)} values last verified more than a year ago, the oldest on {oldest}"
            yield Oddity(key.name, "verified_long_ago", text, _place(value, key))
