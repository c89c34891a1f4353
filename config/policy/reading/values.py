"""One value of a key: for whom, from when to when, what it says, where that stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import yaml

from config.calendar import DaySpan
from config.policy.answers import NOT_KNOWN, NOT_OFFERED, OFFERED, Answer, Content
from config.policy.citation import Citation, Interpretation, Notice
from config.policy.keys import Origin, Value, Word
from config.policy.quantities import QuantityKind
from config.policy.reading.interpretations import read_clause
from config.policy.reading.nodes import Fields, Node, SourceFile
from config.policy.reading.problems import nearest_word
from config.policy.reading.wording import (
    NO_LIMIT,
    check_derivation,
    quantity_kind,
    read_steps,
    read_wording,
)
from config.policy.region import Region
from config.policy.schema import NUMBER_SELECTORS, IdPlace, KeySpec, Kind, vocabulary

_SAYS = ("value", "steps", "not_known")
_ORIGINS = ("cite", "interpretation", "source")
_KEYS = ("for", "from", "through", *_SAYS, *_ORIGINS, "verified_on", "derived_from")


@dataclass(frozen=True)
class PackContext:
    """What values of a pack may refer to."""

    region: Region
    notices: Mapping[str, Notice]
    interpretations: Mapping[str, Interpretation]


@dataclass(frozen=True)
class KeyHead:
    """What stands above the values of a key."""

    spec: KeySpec
    subject: str
    accumulator_id: str | None
    role: str | None


def _selector_words(
    file: SourceFile, node: Node, name: str, known: tuple[Word, ...]
) -> tuple[Word, ...]:
    items = node.value if isinstance(node, yaml.SequenceNode) else [node]
    words: list[Word] = []
    for item in items:
        word: Word | None = file.number(item) if name in NUMBER_SELECTORS else file.text(item)
        if word is None:
            continue
        if word not in known:
            text = f"`{word}` is no {name} here"
            file.problem("unknown_selector_word", item, text, nearest_word(word, known))
        elif word in words:
            file.problem("duplicate_word", item, f"`{word}` stands twice")
        else:
            words.append(word)
    if not items:
        file.problem("empty_value", node, "a list in `for` names at least one word")
    return tuple(words)


def read_selectors(
    file: SourceFile, node: Node | None, head: KeyHead, region: Region
) -> dict[str, tuple[Word, ...]]:
    """Read a `for`: selectors that the key may name, words of the region's vocabulary."""
    if node is None:
        return {}
    if isinstance(node, yaml.MappingNode):
        for key_node, _ in node.value:
            name = getattr(key_node, "value", None)
            if isinstance(name, str) and name not in head.spec.selectors:
                text = f"`{name}` cannot be named for {head.spec.full_name}"
                file.problem(
                    "unknown_selector", key_node, text, nearest_word(name, head.spec.selectors)
                )
    named = file.fields(node, None)
    return {
        name: _selector_words(file, words, name, vocabulary(region, name, head.subject))
        for name, words in sorted(named.items())
        if name in head.spec.selectors
    }


def _span(file: SourceFile, fields: Fields, node: Node, region: Region) -> DaySpan | None:
    first = file.day(fields.get("from"))
    last = file.day(fields["through"]) if "through" in fields else region.known.last
    if first is None or last is None:
        return None
    if last < first:
        file.problem(
            "through_before_from", fields.get("through", node), f"{last} lies before {first}"
        )
        return None
    span = DaySpan.inclusive(first, last)
    if not region.known_span.covers(span):
        text = (
            f"{first} to {last} leaves the known days {region.known.first} to {region.known.last}"
        )
        file.problem("date_outside_known", fields["from"], text)
        return None
    return span


def _cite(file: SourceFile, node: Node, context: PackContext) -> Citation | None:
    fields = file.fields(node, ("notice", "clause", "quote"), ("notice", "clause", "quote"))
    quote = file.text(fields.get("quote"))
    clause = read_clause(file, fields, context.region, context.notices)
    if clause is None or quote is None:
        return None
    return Citation("cite", clause[0], context.notices[clause[0]].number, clause[1], quote)


def _interpreted(file: SourceFile, node: Node, context: PackContext) -> Citation | None:
    reading_id = file.text(node)
    if reading_id is None:
        return None
    reading = context.interpretations.get(reading_id)
    if reading is None:
        text = f"there is no interpretation `{reading_id}`"
        file.problem(
            "unknown_interpretation", node, text, nearest_word(reading_id, context.interpretations)
        )
        return None
    number = context.notices[reading.notice].number if reading.notice else ""
    return Citation(
        "interpretation", reading.notice, number, reading.clause, interpretation=reading_id
    )


def _source(file: SourceFile, node: Node) -> Citation:
    fields = file.fields(node, ("where", "note"), ("where", "note"))
    return Citation(
        "source",
        where=file.text(fields.get("where")) or "",
        note=file.text(fields.get("note")) or "",
    )


def _citation(
    file: SourceFile, fields: Fields, node: Node, context: PackContext
) -> Citation | None:
    named = [name for name in _ORIGINS if name in fields]
    if len(named) > 1:
        file.problem(
            "two_citations", fields[named[1]], f"a value has one origin, not {' and '.join(named)}"
        )
        return None
    if "not_known" in fields:
        why = file.text(fields["not_known"])
        if named == ["interpretation"]:
            _interpreted(file, fields["interpretation"], context)
        return Citation(NOT_KNOWN, why=why or "")
    if not named:
        file.problem("missing_citation", node, f"a value needs one of {', '.join(_ORIGINS)}")
        return None
    if named[0] == "cite":
        return _cite(file, fields["cite"], context)
    if named[0] == "interpretation":
        return _interpreted(file, fields["interpretation"], context)
    return _source(file, fields["source"])


def _says(
    file: SourceFile, fields: Fields, node: Node, head: KeyHead, region: Region
) -> tuple[str, Content, bool]:
    """Read what the value says: status, content, whether it is unlimited."""
    spec = head.spec
    named = [name for name in _SAYS if name in fields]
    if len(named) != 1:
        file.problem("not_one_value", node, f"exactly one of {', '.join(_SAYS)} is needed")
        return NOT_KNOWN, None, False
    says = fields[named[0]]
    if named[0] == "not_known":
        if not spec.may_be_unknown:
            file.problem("must_be_known", says, f"{spec.full_name} cannot be not_known")
        return NOT_KNOWN, None, False
    if named[0] == "steps":
        if spec.kind is not Kind.RATE_OR_STEPS:
            file.problem("steps_not_allowed", says, f"{spec.full_name} has one value, no steps")
        return OFFERED, read_steps(file, says), False
    text = getattr(says, "value", None)
    if text == NOT_OFFERED:
        if not spec.may_refuse:
            file.problem("must_be_offered", says, f"{spec.full_name} cannot be not_offered")
        return NOT_OFFERED, None, False
    if text == NO_LIMIT and spec.kind is Kind.MONEY_OR_NO_LIMIT:
        return OFFERED, None, True
    return OFFERED, read_wording(file, says, spec, region), False


def _check_verified(
    file: SourceFile, fields: Fields, node: Node, status: str, region: Region
) -> None:
    if "verified_on" not in fields and status != NOT_KNOWN and not region.is_demonstration:
        file.problem(
            "missing_key",
            node,
            "`verified_on` is missing: the day somebody compared it with its source",
        )


def _derived(file: SourceFile, fields: Fields, spec: KeySpec, content: Content) -> str:
    if "derived_from" not in fields:
        return ""
    measured = quantity_kind(spec)
    if measured is None or isinstance(content, tuple):
        file.problem(
            "bad_derivation",
            fields["derived_from"],
            "only a single quantity is derived; in steps, each step",
        )
        return ""
    return check_derivation(
        file,
        fields["derived_from"],
        measured or QuantityKind.MONEY,
        content if isinstance(content, int) else None,
    )


def read_value(file: SourceFile, node: Node, head: KeyHead, context: PackContext) -> Value | None:
    """Read one entry of `values`; None after a problem that leaves nothing to ask."""
    before = len(file.problems)
    keys = (*_KEYS, "id") if head.spec.id_place is IdPlace.VALUE else _KEYS
    fields = file.fields(node, keys, ("from",))
    selectors = read_selectors(file, fields.get("for"), head, context.region)
    span = _span(file, fields, node, context.region)
    status, content, is_unlimited = _says(file, fields, node, head, context.region)
    citation = _citation(file, fields, node, context)
    _check_verified(file, fields, node, status, context.region)
    derived_from = _derived(file, fields, head.spec, content)
    verified_on = file.day(fields.get("verified_on"))
    own_id = file.text(fields.get("id"))
    if len(file.problems) > before or span is None or citation is None:
        return None
    answer = Answer(
        status=status,
        value=content,
        is_unlimited=is_unlimited,
        accumulator_id=own_id or head.accumulator_id,
        role=head.role,
        citation=replace(citation, derived_from=derived_from, verified_on=verified_on),
    )
    return Value(selectors, span, answer, Origin(file.name, node.start_mark.line + 1))
