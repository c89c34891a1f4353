"""`interpretations.yaml`: recorded readings of clauses that leave something open."""

from __future__ import annotations

from collections.abc import Mapping

from config.policy.citation import Interpretation, Notice
from config.policy.reading.nodes import Fields, Node, SourceFile
from config.policy.reading.problems import nearest_word
from config.policy.region import Region

_REQUIRED = ("id", "question", "reading", "other_reading", "decided_by", "decided_on", "cases")
_KEYS = (*_REQUIRED, "clause")


def read_clause(
    file: SourceFile, fields: Fields, region: Region, notices: Mapping[str, Notice]
) -> tuple[str, str] | None:
    """Read `notice` and `clause` of a mapping and check that the clause exists."""
    notice_id, clause_id = file.text(fields.get("notice")), file.text(fields.get("clause"))
    if notice_id is None or clause_id is None:
        return None
    if notice_id not in region.notices:
        text = f"`{notice_id}` is not among the notices of region.yaml"
        file.problem(
            "unknown_notice", fields["notice"], text, nearest_word(notice_id, region.notices)
        )
        return None
    clauses = notices[notice_id].clauses
    if clause_id not in clauses:
        text = f"`{notice_id}` has no clause `{clause_id}`"
        file.problem("unknown_clause", fields["clause"], text, nearest_word(clause_id, clauses))
        return None
    return notice_id, clause_id


def _tidy(text: str | None) -> str:
    return " ".join((text or "").split())


def _interpretation(
    file: SourceFile, node: Node, region: Region, notices: Mapping[str, Notice]
) -> Interpretation | None:
    fields = file.fields(node, _KEYS, _REQUIRED)
    clause = None
    if "clause" in fields:
        both = ("notice", "clause")
        clause = read_clause(file, file.fields(fields["clause"], both, both), region, notices)
    reading_id, decided_on = file.text(fields.get("id")), file.day(fields.get("decided_on"))
    if reading_id is None or decided_on is None:
        return None
    notice_id, clause_id = clause or ("", "")
    return Interpretation(
        id=reading_id,
        notice=notice_id,
        clause=clause_id,
        question=_tidy(file.text(fields.get("question"))),
        reading=_tidy(file.text(fields.get("reading"))),
        other_reading=_tidy(file.text(fields.get("other_reading"))),
        decided_by=_tidy(file.text(fields.get("decided_by"))),
        decided_on=decided_on,
        cases=file.texts(fields.get("cases")),
    )


def read_interpretations(
    file: SourceFile, region: Region, notices: Mapping[str, Notice]
) -> dict[str, Interpretation]:
    """Read all interpretations of a region, by id."""
    read: dict[str, Interpretation] = {}
    for item in file.items(file.root()):
        interpretation = _interpretation(file, item, region, notices)
        if interpretation is None:
            continue
        if interpretation.id in read:
            file.problem(
                "duplicate_interpretation",
                item,
                f"interpretation `{interpretation.id}` stands twice",
            )
        read[interpretation.id] = interpretation
    return read
