"""Answers in words, for lists and comparisons; statements have their own wording."""

from __future__ import annotations

from collections.abc import Mapping

from config.money import format_ppm, format_yuan
from config.policy.answers import NOT_KNOWN, NOT_OFFERED, Answer, Condition, Step
from config.policy.schema import LIMITS, SUBJECTS, Kind


def step_text(steps: tuple[Step, ...]) -> str:
    """Print bands as `over 0.00 yuan: 65%; over 20,000.00 yuan: 70%`."""
    return "; ".join(
        f"over {format_yuan(step.over_fen)} yuan: {format_ppm(step.pay_ppm)}" for step in steps
    )


def condition_text(condition: Condition) -> str:
    """Print a condition in words."""
    parts = []
    if condition.disease_listed:
        parts.append("listed disease")
    if condition.level_at_least is not None:
        parts.append(f"level at least {condition.level_at_least}")
    if condition.cost_over_fen is not None:
        parts.append(f"{condition.cost} cost over {format_yuan(condition.cost_over_fen)} yuan")
    if condition.care_types:
        parts.append("care type " + " or ".join(condition.care_types))
    return " and ".join(parts)


def selector_text(selectors: Mapping[str, tuple[str | int, ...]]) -> str:
    """Print for whom a value holds: `care_type inpatient, level 1 or 2`; nothing for everyone."""
    return ", ".join(
        f"{name} {' or '.join(map(str, words))}" for name, words in sorted(selectors.items())
    )


def _kind(key: str) -> Kind:
    subject, _, name = key.partition(".")
    return Kind.MONEY_OR_NO_LIMIT if subject == LIMITS else SUBJECTS[subject][name].kind


def _number_text(kind: Kind, number: int) -> str:
    if kind in (Kind.MONEY, Kind.MONEY_OR_NO_LIMIT):
        return f"{format_yuan(number)} yuan"
    if kind is Kind.POINTS:
        return f"{format_ppm(number).removesuffix('%')} points"
    return format_ppm(number)


def answer_text(key: str, answer: Answer) -> str:
    """Print what an answer says, by the kind of its key."""
    if answer.status == NOT_KNOWN:
        return "not known"
    if answer.status == NOT_OFFERED:
        return "not offered"
    if answer.is_unlimited:
        return "no limit"
    value = answer.value
    if isinstance(value, int):
        return _number_text(_kind(key), value)
    if isinstance(value, Condition):
        return condition_text(value)
    if isinstance(value, tuple):
        steps = tuple(step for step in value if isinstance(step, Step))
        return step_text(steps) if steps else ", ".join(map(str, value)) or "nothing"
    return str(value)
