"""`region.yaml`: what a region is, which days it knows, which words its values may name."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from config.calendar import ONE_DAY
from config.policy.reading.nodes import Fields, Node, SourceFile
from config.policy.reading.problems import nearest_word
from config.policy.region import NONE, AgeGroup, Disease, KnownDays, Region
from config.policy.schema import CARE_TYPES, CATEGORIES, RANK_USES, REGION_KINDS, SCHEMES

_KEYS = (
    "region",
    "name",
    "kind",
    "notices",
    "scheme",
    "known",
    "benefit_year",
    "deciding_day",
    "grades",
    "levels",
    "age_groups",
    "diseases",
    "admission_orders",
    "ranks",
    "assistance_kinds",
)


def _known(file: SourceFile, node: Node | None) -> KnownDays | None:
    fields = file.fields(node, ("from", "through"), ("from", "through") if node is not None else ())
    first, last = file.day(fields.get("from")), file.day(fields.get("through"))
    if first is None or last is None:
        return None
    if last < first:
        file.problem("through_before_from", fields["through"], f"{last} lies before {first}")
        return None
    return KnownDays(first, last)


def _levels(file: SourceFile, node: Node | None) -> tuple[int, ...]:
    levels = tuple(number for number in map(file.number, file.items(node)) if number is not None)
    if node is not None and (not levels or len(set(levels)) < len(levels)):
        file.problem("bad_levels", node, "levels are different whole numbers, at least one")
    return levels


def _grades(file: SourceFile, node: Node | None) -> tuple[str, ...]:
    grades = file.texts(node)
    if node is not None and (not grades or len(set(grades)) < len(grades)):
        file.problem(
            "bad_grades", node, "grades are different words; write [none] where there are none"
        )
    return grades


def _age_groups(file: SourceFile, node: Node | None) -> tuple[AgeGroup, ...]:
    groups = []
    for code, group_node in file.fields(node, None).items():
        fields = file.fields(group_node, ("from", "through"))
        first = file.number(fields["from"]) if "from" in fields else 0
        through = file.number(fields.get("through"))
        if first is not None:
            groups.append(AgeGroup(code, first, through))
    groups.sort(key=lambda group: group.first)
    expected: int | None = 0
    for group in groups:
        is_empty = group.through is not None and group.through < group.first
        if group.first != expected or is_empty:
            file.problem(
                "age_groups_do_not_partition",
                node,
                f"`{group.code}` leaves a hole, overlaps or is empty",
            )
            return tuple(groups)
        expected = None if group.through is None else group.through + 1
    if node is not None and expected is not None:
        file.problem("age_groups_do_not_partition", node, "the last age group must be open")
    return tuple(groups)


def _disease(file: SourceFile, code: str, node: Node) -> Disease:
    fields = file.fields(node, ("zh", "en", "care_types", "listed"), ("zh", "en", "care_types"))
    if "listed" in fields:
        file.word(fields["listed"], ("listed",))
    return Disease(
        code=code,
        name_zh=file.text(fields.get("zh")) or "",
        name_en=file.text(fields.get("en")) or "",
        care_types=file.words(fields.get("care_types"), CARE_TYPES),
        is_listed="listed" in fields,
    )


def _diseases(file: SourceFile, node: Node | None) -> dict[str, Disease]:
    read = {}
    for code, disease_node in (file.fields(node, None) if node is not None else {}).items():
        if code == NONE:
            file.problem("reserved_word", disease_node, "`none` means no disease and cannot be one")
            continue
        read[code] = _disease(file, code, disease_node)
    return read


def _ranks(file: SourceFile, node: Node | None) -> dict[str, tuple[str, ...]]:
    fields = file.fields(node, RANK_USES, RANK_USES if node is not None else ())
    return {use: file.words(words, CATEGORIES, "unknown_category") for use, words in fields.items()}


def _notices(file: SourceFile, node: Node | None, notices: Collection[str]) -> tuple[str, ...]:
    ids = []
    for item in file.items(node):
        notice_id = file.text(item)
        if notice_id is None:
            continue
        if notice_id not in notices:
            file.problem(
                "unknown_notice",
                item,
                f"there is no notice `{notice_id}`",
                nearest_word(notice_id, notices),
            )
        ids.append(notice_id)
    return tuple(ids)


def _orders(file: SourceFile, node: Node | None) -> int:
    orders = file.number(node)
    if orders == 0:
        file.problem("not_a_number", node, "at least one order of admission is told apart")
    return orders or 1


def _kinds(file: SourceFile, node: Node | None) -> tuple[str, ...]:
    kinds = file.texts(node)
    if node is not None and (not kinds or len(set(kinds)) < len(kinds)):
        file.problem("bad_kinds", node, "assistance_kinds are different words, at least one")
    return kinds


def read_region(file: SourceFile, notices: Collection[str]) -> Region | None:
    """Read `region.yaml`; None if anything in it is wrong."""
    before = len(file.problems)
    root = file.root()
    fields: Fields = file.fields(root, _KEYS, _KEYS if root is not None else ())
    folder = file.path.parent.name
    region_id = file.text(fields.get("region"))
    if region_id is not None and region_id != folder:
        file.problem(
            "wrong_name",
            fields["region"],
            f"`{region_id}` is not the name of the folder `{folder}`",
        )
    name = file.fields(fields["name"], ("zh", "en"), ("zh", "en")) if "name" in fields else {}
    known = _known(file, fields.get("known"))
    region = Region(
        id=region_id or folder,
        name_zh=file.text(name.get("zh")) or "",
        name_en=file.text(name.get("en")) or "",
        kind=file.word(fields.get("kind"), REGION_KINDS) or "law",
        scheme=file.word(fields.get("scheme"), SCHEMES) or "",
        notices=_notices(file, fields.get("notices"), notices),
        known=known or KnownDays(date.min, date.max - ONE_DAY),
        benefit_year=file.word(fields.get("benefit_year"), ("calendar",)) or "",
        deciding_day=file.word(fields.get("deciding_day"), ("discharge",)) or "",
        grades=_grades(file, fields.get("grades")),
        levels=_levels(file, fields.get("levels")),
        age_groups=_age_groups(file, fields.get("age_groups")),
        diseases=_diseases(file, fields.get("diseases")),
        admission_orders=_orders(file, fields.get("admission_orders")),
        ranks=_ranks(file, fields.get("ranks")),
        assistance_kinds=_kinds(file, fields.get("assistance_kinds")),
    )
    return region if len(file.problems) == before else None
