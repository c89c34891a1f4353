"""From folders to packs: `load_notices`, `find_packs`, `load_pack`.

Loading is strict: an unknown key, a bare number, a gap or a missing citation refuses the
pack, and every problem of it is reported at once (`PolicyErrors`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from config.policy.citation import Interpretation, Notice
from config.policy.keys import Origin, PolicyKey
from config.policy.pack import RegionPack
from config.policy.reading.completeness import CompletenessCheck
from config.policy.reading.interpretations import read_interpretations
from config.policy.reading.nodes import SourceFile
from config.policy.reading.notices import read_notice
from config.policy.reading.problems import PolicyErrors, Problem
from config.policy.reading.regions import read_region
from config.policy.reading.subjects import SubjectReader
from config.policy.reading.values import PackContext
from config.policy.region import Region
from config.policy.schema import SUBJECTS

__all__ = [
    "NOTICES",
    "REGIONS",
    "PolicyErrors",
    "Problem",
    "find_packs",
    "load_notices",
    "load_pack",
    "notice_folders",
]

REGIONS = Path(__file__).parent / "regions"
NOTICES = Path(__file__).parent / "notices"

_FILES = {"region.yaml", "interpretations.yaml", *(f"{subject}.yaml" for subject in SUBJECTS)}


Folders = str | Iterable[str | Path]
"""Folders as a list, or in one text separated as in PATH."""


def _extra_folders(extra: Folders) -> list[Path]:
    folders = extra.split(os.pathsep) if isinstance(extra, str) else extra
    return [Path(folder) for folder in folders if str(folder)]


def find_packs(extra: Folders = "") -> dict[str, Path]:
    """Find the packs of the product and of further folders.

    Args:
        extra: further folders; each is a pack, or holds packs, directly or in
            its `regions/`. A pack there replaces one of the same id.

    Returns:
        Folder by region id, sorted by id.
    """
    found: dict[str, Path] = {}
    for place in [REGIONS, *_extra_folders(extra)]:
        candidates = (
            [place]
            if (place / "region.yaml").is_file()
            else [*place.glob("*"), *place.glob("regions/*")]
        )
        found.update(
            {folder.name: folder for folder in candidates if (folder / "region.yaml").is_file()}
        )
    return dict(sorted(found.items()))


def notice_folders(extra: Folders = "") -> list[Path]:
    """Return the folders to read notices from: the product's, and `notices/` of each further one."""
    return [
        NOTICES,
        *(folder / "notices" for folder in _extra_folders(extra) if (folder / "notices").is_dir()),
    ]


def load_notices(folders: Iterable[Path] = (NOTICES,)) -> dict[str, Notice]:
    """Read every notice below the folders.

    Raises:
        PolicyErrors: a file is wrong, or two notices have one id.
    """
    problems: list[Problem] = []
    notices: dict[str, Notice] = {}
    for path in sorted({path for folder in folders for path in folder.rglob("*.yaml")}):
        notice = read_notice(path, problems)
        if notice is None:
            continue
        if notice.id in notices:
            SourceFile(path, problems).problem(
                "duplicate_notice", None, f"notice `{notice.id}` stands in two files"
            )
        notices[notice.id] = notice
    if problems:
        raise PolicyErrors(problems)
    return notices


def load_pack(folder: Path, notices: Mapping[str, Notice]) -> RegionPack:
    """Read and check one region pack.

    Args:
        folder: folder of the region; its name is the id of the region.
        notices: notices that may be cited, by id.

    Raises:
        PolicyErrors: with every problem of the pack.
    """
    problems: list[Problem] = []
    for stray in sorted(path.name for path in folder.glob("*") if path.name not in _FILES):
        if stray.endswith((".yaml", ".yml")):
            SourceFile(folder / stray, problems).problem(
                "unknown_file", None, f"`{stray}` is no file of a pack"
            )
    region = read_region(SourceFile(folder / "region.yaml", problems), notices)
    if region is None:
        raise PolicyErrors(problems)
    readings = read_interpretations(
        SourceFile(folder / "interpretations.yaml", problems), region, notices
    )
    keys = _read_subjects(folder, PackContext(region, notices, readings), problems)
    if problems:
        raise PolicyErrors(problems)
    return _pack(region, keys, notices, readings)


def _read_subjects(
    folder: Path, context: PackContext, problems: list[Problem]
) -> dict[str, PolicyKey]:
    keys: dict[str, PolicyKey] = {}
    broken: set[str] = set()
    is_readable = True
    for subject in SUBJECTS:
        before = len(problems)
        reader = SubjectReader(SourceFile(folder / f"{subject}.yaml", problems), subject, context)
        reader.read()
        is_readable = is_readable and (len(problems) == before or bool(reader.keys))
        for name in keys.keys() & reader.keys.keys():
            origin = reader.keys[name].origin or Origin(folder.name, 0)
            problems.append(
                Problem(
                    origin.file, origin.line, "duplicate_key", f"`{name}` is defined in two files"
                )
            )
        keys.update(reader.keys)
        broken |= reader.broken
    if is_readable:
        CompletenessCheck(context.region, keys, broken, problems).run()
    return keys


def _pack(
    region: Region,
    keys: Mapping[str, PolicyKey],
    notices: Mapping[str, Notice],
    readings: Mapping[str, Interpretation],
) -> RegionPack:
    named = {name: notices[name] for name in region.notices}
    return RegionPack(region, dict(sorted(keys.items())), named, dict(readings))
