"""Read the floors and the pins, and say what lies below."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import NamedTuple

import yaml
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ROOT / ".ci" / "floors.yaml"
LISTS = ("requirements.txt", "requirements-dev.txt")
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ \\]+)", flags=re.MULTILINE)


class Floors(NamedTuple):
    """The lowest safe versions and the day the advisories were read."""

    looked_up_on: date
    lowest: dict[str, Version]


def read_floors(text: str) -> Floors:
    """Return the floors of the file.

    Raises:
        ValueError: a package is named twice, or an entry does not say what it closes.
    """
    content = yaml.safe_load(text)
    lowest: dict[str, Version] = {}
    for entry in content["floors"]:
        if set(entry) != {"package", "lowest", "closes"} or not entry["closes"]:
            msg = f"an entry reads package, lowest, closes: {entry}"
            raise ValueError(msg)
        if entry["package"] in lowest:
            msg = f"named twice: {entry['package']}"
            raise ValueError(msg)
        lowest[entry["package"]] = Version(str(entry["lowest"]))
    return Floors(content["looked_up_on"], lowest)


def pins_of(text: str) -> dict[str, Version]:
    """Return package to pinned version of one list."""
    return {name: Version(version) for name, version in _PIN.findall(text)}


def below(pins: dict[str, Version], floors: Floors) -> list[str]:
    """Describe every pin below its floor, and every floor whose package is not pinned."""
    return [
        f"{package} is not pinned"
        if package not in pins
        else f"{package} {pins[package]} < {lowest}"
        for package, lowest in floors.lowest.items()
        if package not in pins or pins[package] < lowest
    ]
