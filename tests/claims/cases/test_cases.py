"""The policy cases: each holds, each names its source, and each stated figure has one that notices its change."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from claims.settlement.cases import check_case, read_case, settle_cases
from config.policy.loader import find_packs, load_notices, load_pack
from config.policy.pack import RegionPack
from config.policy.tree import PolicyTree
from tests.reference.agreement import departures_of
from tests.reference.ledger import settle_person
from tests.reference.rulebook import Rulebook

HERE = Path(__file__).parent
PACKS = HERE.parent / "packs"
FILES = sorted(HERE.glob("*/*.yaml"))


@cache
def _raw_cases(file: Path) -> tuple[dict[str, Any], ...]:
    return tuple(yaml.safe_load(file.read_text(encoding="utf-8")))


@cache
def _packs() -> dict[str, RegionPack]:
    notices = load_notices()
    return {region: load_pack(folder, notices) for region, folder in find_packs(str(PACKS)).items()}


def _all_cases() -> list[dict[str, Any]]:
    return [case for file in FILES for case in _raw_cases(file)]


def _failures(pack: RegionPack, raw_cases: list[dict[str, Any]]) -> list[str]:
    cases = [read_case(raw) for raw in raw_cases]
    people = settle_cases({pack.region.id: PolicyTree(pack)}, cases)
    return [
        str(failure)
        for case, person in zip(cases, people, strict=True)
        for failure in check_case(case, person)
    ]


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_cases_hold(file: Path) -> None:
    assert _failures(_packs()[file.parent.name], list(_raw_cases(file))) == []


@pytest.mark.parametrize("region", sorted(_packs()))
def test_the_reference_agrees_figure_by_figure(region: str) -> None:
    pack = _packs()[region]
    tree = PolicyTree(pack)
    book = Rulebook.of(tree, pack)
    raw_cases = [case for case in _all_cases() if case["region"] == region]
    people = settle_cases({region: tree}, [read_case(raw) for raw in raw_cases])
    for raw, person in zip(raw_cases, people, strict=True):
        assert departures_of(settle_person(book, raw), person) == [], raw["name"]


def test_names_are_unique_and_folders_are_regions() -> None:
    names = [case["name"] for case in _all_cases()]
    assert len(names) == len(set(names))
    for file in FILES:
        assert {case["region"] for case in _raw_cases(file)} == {file.parent.name}


@pytest.mark.parametrize("case", _all_cases(), ids=lambda case: str(case["name"]))
def test_a_case_shows_its_source_and_its_working(case: dict[str, Any]) -> None:
    pack = _packs()[case["region"]]
    assert case["working"].strip()
    assert sum(word in case for word in ("cite", "interpretation", "source")) == 1
    if "cite" in case:
        assert case["cite"]["clause"] in pack.notices[case["cite"]["notice"]].clauses
    if "interpretation" in case:
        assert case["interpretation"] in pack.interpretations


@pytest.mark.parametrize("region", sorted(_packs()))
def test_interpretations_are_used_and_name_their_cases(region: str) -> None:
    pack = _packs()[region]
    used = {
        value["citation"].get("interpretation")
        for key in pack.content()["keys"].values()
        for value in key["values"]
    }
    assert set(pack.interpretations) <= used
    names = {case["name"] for case in _all_cases() if case["region"] == region}
    for interpretation in pack.interpretations.values():
        assert interpretation.cases
        assert set(interpretation.cases) <= names, interpretation.id


def _other_values(says: Any) -> Iterator[Any]:
    """What a value could say instead: each number of it moved, or its word turned."""
    if isinstance(says, int):
        # One percentage point or one hundred yuan, as the unit may be.
        yield says + 10_000
    elif says == "applies":
        yield "does_not_apply"
    elif says == {"unlimited": True}:
        yield 10_000
    elif isinstance(says, dict) and "steps" in says:
        for number, (over, pay) in enumerate(says["steps"]):
            for step in [(over, pay + 10_000)] + ([(over + 10_000, pay)] if over else []):
                steps = [list(each) for each in says["steps"]]
                steps[number] = list(step)
                yield {"steps": steps}


def _stated_figures() -> list[tuple[str, str, int, Any]]:
    """Values of the law packs that cite a notice, with what they could say instead."""
    return [
        (region, key, number, other)
        for region, pack in _packs().items()
        if pack.region.kind == "law"
        for key, content in pack.content()["keys"].items()
        for number, value in enumerate(content["values"])
        if value["citation"]["kind"] == "cite"
        for other in _other_values(value["says"])
    ]


@pytest.mark.parametrize(("region", "key", "number", "other"), _stated_figures())
def test_a_stated_figure_cannot_change_unnoticed(
    region: str, key: str, number: int, other: Any
) -> None:
    content = copy.deepcopy(_packs()[region].content())
    content["keys"][key]["values"][number]["says"] = other
    changed = RegionPack.from_content(content)
    assert _failures(changed, [case for case in _all_cases() if case["region"] == region])
