"""What one value says: a quantity, steps, words or a condition, by the kind of its key."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from config.money import PPM
from config.policy.answers import Condition, Content, Step
from config.policy.quantities import Quantity, QuantityError, QuantityKind, derive, parse_quantity
from config.policy.reading.nodes import Node, SourceFile
from config.policy.region import Region
from config.policy.schema import CARE_TYPES, COSTS, KeySpec, Kind

NO_LIMIT = "no limit"
_HIGHEST_PPM = 10 * PPM
_DEADLINE = re.compile(r"([0-9]{2}-[0-9]{2}) of the next year")
_ORDINARY_YEAR = 2023


def read_quantity(file: SourceFile, node: Node | None, kind: QuantityKind) -> int | None:
    """Read a quantity of one kind, in fen or ppm."""
    text = file.text(node)
    if text is None:
        return None
    try:
        quantity = parse_quantity(text)
    except QuantityError as error:
        file.problem("bad_quantity", node, str(error))
        return None
    if quantity.kind is not kind:
        file.problem("bad_quantity", node, f"`{text}` is not {kind.value}")
        return None
    if kind is not QuantityKind.MONEY and quantity.number > _HIGHEST_PPM:
        file.problem("bad_quantity", node, f"`{text}` is above 1000%")
        return None
    return quantity.number


def check_derivation(
    file: SourceFile, node: Node | None, kind: QuantityKind, number: int | None
) -> str:
    """Compute `derived_from` again and compare it with the value that was written."""
    text = file.text(node)
    if text is None:
        return ""
    try:
        derived = derive(text)
    except QuantityError as error:
        file.problem("bad_derivation", node, str(error))
        return text
    if number is None or derived != Quantity(kind, number):
        file.problem("wrong_derivation", node, f"`{text}` does not give the value that is written")
    return text


def read_steps(file: SourceFile, node: Node | None) -> tuple[Step, ...]:
    """Read bands: `over` strictly rising."""
    steps: list[Step] = []
    for item in file.items(node):
        fields = file.fields(item, ("over", "pay", "derived_from"), ("over", "pay"))
        over = read_quantity(file, fields.get("over"), QuantityKind.MONEY)
        pay = read_quantity(file, fields.get("pay"), QuantityKind.RATE)
        check_derivation(file, fields.get("derived_from"), QuantityKind.RATE, pay)
        if over is None or pay is None:
            continue
        if steps and over <= steps[-1].over_fen:
            file.problem("steps_not_rising", item, "each step must begin above the one before it")
        steps.append(Step(over, pay))
    if not steps and node is not None:
        file.problem("steps_not_rising", node, "at least one step is needed")
    return tuple(steps)


def _condition(file: SourceFile, node: Node, region: Region) -> Condition:
    fields = file.fields(
        node, ("disease", "level_at_least", "cost_over", "cost", "care_types", "care_type")
    )
    if "disease" in fields:
        file.word(fields["disease"], ("listed",))
    level = file.number(fields.get("level_at_least"))
    if level is not None and level not in region.levels:
        file.problem(
            "unknown_word", fields["level_at_least"], f"level {level} is none of the region"
        )
    if ("cost_over" in fields) != ("cost" in fields):
        file.problem("missing_key", node, "`cost_over` and `cost` stand together")
    if not fields:
        file.problem(
            "empty_value", node, "a condition names at least one fact; leave the key out for none"
        )
    return Condition(
        disease_listed="disease" in fields,
        level_at_least=level,
        cost_over_fen=read_quantity(file, fields.get("cost_over"), QuantityKind.MONEY),
        cost=file.word(fields.get("cost"), COSTS),
        care_types=file.words(fields.get("care_type", fields.get("care_types")), CARE_TYPES),
    )


def _deadline(file: SourceFile, node: Node) -> str | None:
    text = file.text(node)
    if text is None or text == "none":
        return text
    found = _DEADLINE.fullmatch(text)
    if not found or not _is_in_every_year(found[1]):
        file.problem("bad_deadline", node, "write `03-31 of the next year` or `none`")
        return None
    return found[1]


def _is_in_every_year(month_day: str) -> bool:
    try:
        date.fromisoformat(f"{_ORDINARY_YEAR}-{month_day}")
    except ValueError:
        return False
    return True


def _ids(file: SourceFile, node: Node) -> tuple[str, ...]:
    return file.texts(node)


_QUANTITIES = {
    Kind.MONEY: QuantityKind.MONEY,
    Kind.MONEY_OR_NO_LIMIT: QuantityKind.MONEY,
    Kind.RATE: QuantityKind.RATE,
    Kind.RATE_OR_STEPS: QuantityKind.RATE,
    Kind.POINTS: QuantityKind.POINTS,
}


def quantity_kind(spec: KeySpec) -> QuantityKind | None:
    """Return what a key measures; None for words and conditions."""
    return _QUANTITIES.get(spec.kind)


def read_wording(file: SourceFile, node: Node, spec: KeySpec, region: Region) -> Content:
    """Read the `value` of a key by its kind.

    Returns:
        Fen, ppm, a word, words or a condition; None after a problem.
    """
    measured = quantity_kind(spec)
    if measured is not None:
        return read_quantity(file, node, measured)
    readers: dict[Kind, Callable[[], Content]] = {
        Kind.WORD: lambda: file.word(node, spec.words),
        Kind.WORDS: lambda: file.words(node, spec.words),
        Kind.IDS: lambda: _ids(file, node),
        Kind.CONDITION: lambda: _condition(file, node, region),
        Kind.DEADLINE: lambda: _deadline(file, node),
    }
    return readers[spec.kind]()
