"""Every combination of facts that keys can be asked with, enumerated without asking each.

Two words of a vocabulary that are named by the same values cannot lead to different
answers, so one stands for both; and two combinations that match the same values are one.
What is left is a handful, however long the vocabularies are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from config.policy.keys import PolicyKey, Value, Word
from config.policy.region import NONE, Region
from config.policy.schema import CARE_TYPES_BY_DISEASE, vocabulary

Dimension = tuple[str, str]
"""A selector, and for categories the subject whose ranks it means."""

Facts = dict[Dimension, Word]


@dataclass(frozen=True)
class Combination:
    """One combination of facts, and the values of each key that match it."""

    facts: Mapping[Dimension, Word]
    matching: tuple[tuple[Value, ...], ...]

    def text(self) -> str:
        """Print the facts as `care_type=inpatient, level=3`."""
        listed = ", ".join(f"{name}={word}" for (name, _), word in sorted(self.facts.items()))
        return listed or "everyone"


def _dimension(name: str, subject: str) -> Dimension:
    return name, subject if name == "category" else ""


def _elements(region: Region, keys: Sequence[PolicyKey]) -> list[list[Facts]]:
    """Return per dimension its elements; care type and disease are one dimension."""
    dimensions = sorted({_dimension(name, key.subject) for key in keys for name in key.selectors})
    care, disease = ("care_type", ""), ("disease", "")
    elements: list[list[Facts]] = []
    for dimension in dimensions:
        if dimension == disease and care in dimensions:
            continue
        words = vocabulary(region, *dimension)
        if dimension == care and disease in dimensions:
            elements.append(
                [
                    {care: word, disease: named}
                    for word in words
                    for named in _named(region, str(word))
                ]
            )
        else:
            elements.append([{dimension: word} for word in words])
    return elements


def _named(region: Region, care_type: str) -> list[str]:
    """Return the diseases a bill of a care type may name when it is settled."""
    named = [code for code in region.diseases if region.may_name(care_type, code)]
    return named if care_type in CARE_TYPES_BY_DISEASE else [NONE, *named]


def _mask(key: PolicyKey, element: Facts) -> int:
    """Return the values of a key that do not contradict an element, as bits."""
    mask = 0
    for place, value in enumerate(key.values):
        named = (
            (value.selectors.get(name), word)
            for (name, use), word in element.items()
            if use in ("", key.subject)
        )
        if all(words is None or word in words for words, word in named):
            mask |= 1 << place
    return mask


def _matching(key: PolicyKey, mask: int) -> tuple[Value, ...]:
    return tuple(value for place, value in enumerate(key.values) if mask >> place & 1)


def combinations(region: Region, keys: Sequence[PolicyKey]) -> Iterator[Combination]:
    """Yield one combination for every different set of values that can match.

    Args:
        region: the vocabularies.
        keys: keys that are asked together.
    """
    classes: list[list[tuple[Facts, tuple[int, ...]]]] = []
    for elements in _elements(region, keys):
        distinct: dict[tuple[int, ...], Facts] = {}
        for element in elements:
            distinct.setdefault(tuple(_mask(key, element) for key in keys), element)
        classes.append([(facts, masks) for masks, facts in distinct.items()])
    seen: set[tuple[int, ...]] = set()
    for chosen in product(*classes):
        masks = [(1 << len(key.values)) - 1 for key in keys]
        for _, element_masks in chosen:
            masks = [mask & other for mask, other in zip(masks, element_masks, strict=True)]
        if tuple(masks) in seen:
            continue
        seen.add(tuple(masks))
        facts = {dimension: word for element, _ in chosen for dimension, word in element.items()}
        matching = tuple(_matching(key, mask) for key, mask in zip(keys, masks, strict=True))
        yield Combination(facts, matching)
