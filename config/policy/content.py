"""The canonical content of a pack: plain JSON, one form per pack, and the way back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from config.calendar import DaySpan
from config.policy.answers import NOT_KNOWN, NOT_OFFERED, OFFERED, Answer, Condition, Content, Step
from config.policy.citation import Citation, Interpretation, Notice
from config.policy.keys import PolicyKey, Value
from config.policy.region import AgeGroup, Disease, KnownDays, Region

FORMAT = 1

_REGION_TEXTS = ("id", "name_zh", "name_en", "kind", "scheme", "benefit_year", "deciding_day")
_REGION_LISTS = ("notices", "grades", "levels", "assistance_kinds")


def _value_content(answer: Answer) -> Any:
    if answer.status != OFFERED:
        return {answer.status: answer.citation.why}
    if answer.is_unlimited:
        return {"unlimited": True}
    value = answer.value
    if isinstance(value, Condition):
        return {"condition": {**asdict(value), "care_types": list(value.care_types)}}
    if not isinstance(value, tuple):
        return value
    if value and isinstance(value[0], Step):
        return {
            "steps": [[step.over_fen, step.pay_ppm] for step in value if isinstance(step, Step)]
        }
    return list(value)


def _citation_content(citation: Citation) -> dict[str, Any]:
    fields = asdict(citation)
    if citation.verified_on is not None:
        fields["verified_on"] = citation.verified_on.isoformat()
    return {name: value for name, value in fields.items() if value}


def _entry(value: Value, key: PolicyKey) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "for": {name: list(words) for name, words in sorted(value.selectors.items())},
        "from": value.span.start.isoformat(),
        "through": (value.span.last or value.span.start).isoformat(),
        "says": _value_content(value.answer),
        "citation": _citation_content(value.answer.citation),
    }
    if value.answer.accumulator_id and value.answer.accumulator_id != key.accumulator_id:
        entry["id"] = value.answer.accumulator_id
    return entry


def _key_content(key: PolicyKey) -> dict[str, Any]:
    content: dict[str, Any] = {
        "subject": key.subject,
        "unit": key.unit,
        "id": key.accumulator_id,
        "role": key.role,
    }
    entries = [_entry(value, key) for value in key.values]
    entries.sort(key=lambda entry: (sorted(map(str, entry["for"].items())), entry["from"]))
    return {**content, "values": entries}


def _region_content(region: Region) -> dict[str, Any]:
    content = asdict(region)
    content["known"] = [day.isoformat() for day in region.known]
    content["diseases"] = [asdict(disease) for disease in region.diseases.values()]
    content["ranks"] = {use: list(words) for use, words in region.ranks.items()}
    return content


def _plain(content: Any) -> Any:
    """Turn tuples into lists and dates into text, so that a round trip changes nothing."""
    if isinstance(content, Mapping):
        return {name: _plain(value) for name, value in content.items()}
    if isinstance(content, list | tuple):
        return [_plain(value) for value in content]
    return content.isoformat() if isinstance(content, date) else content


def content_of(
    region: Region,
    keys: Mapping[str, PolicyKey],
    notices: Mapping[str, Notice],
    interpretations: Mapping[str, Interpretation],
) -> dict[str, Any]:
    """Return the canonical content of a pack."""
    cited = {}
    for notice in notices.values():
        cited[notice.id] = {
            "number": notice.number,
            "title_zh": notice.title_zh,
            "title_en": notice.title_en,
            "issuers": notice.issuers,
            "issued_on": notice.issued_on,
        }
    content = {
        "format": FORMAT,
        "region": _region_content(region),
        "notices": cited,
        "interpretations": {reading.id: asdict(reading) for reading in interpretations.values()},
        "keys": {name: _key_content(key) for name, key in sorted(keys.items())},
    }
    plain: dict[str, Any] = _plain(content)
    return plain


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _known_day(text: str) -> date:
    return date.fromisoformat(text)


def region_of(content: Mapping[str, Any]) -> Region:
    """Rebuild the region.

    Raises:
        ValueError: the content is of another format.
    """
    if content.get("format") != FORMAT:
        raise ValueError(f"policy content of format {content.get('format')!r} cannot be read")
    content = content["region"]
    first, last = (_known_day(text) for text in content["known"])
    simple: dict[str, Any] = {name: content[name] for name in _REGION_TEXTS}
    lists: dict[str, Any] = {name: tuple(content[name]) for name in _REGION_LISTS}
    diseases = [
        Disease(**{**entry, "care_types": tuple(entry["care_types"])})
        for entry in content["diseases"]
    ]
    return Region(
        **simple,
        **lists,
        known=KnownDays(first, last),
        age_groups=tuple(AgeGroup(**entry) for entry in content["age_groups"]),
        diseases={disease.code: disease for disease in diseases},
        admission_orders=content["admission_orders"],
        ranks={use: tuple(words) for use, words in content["ranks"].items()},
    )


def _says(content: Any) -> tuple[str, Content, bool]:
    if isinstance(content, list):
        return OFFERED, tuple(content), False
    if not isinstance(content, dict):
        return OFFERED, content, False
    if "condition" in content:
        fields = dict(content["condition"])
        return OFFERED, Condition(**{**fields, "care_types": tuple(fields["care_types"])}), False
    if "steps" in content:
        return OFFERED, tuple(Step(over, pay) for over, pay in content["steps"]), False
    if "unlimited" in content:
        return OFFERED, None, True
    return (NOT_KNOWN if NOT_KNOWN in content else NOT_OFFERED), None, False


def _value_of(entry: Mapping[str, Any], key_id: str | None, role: str | None) -> Value:
    status, value, is_unlimited = _says(entry["says"])
    cited = dict(entry["citation"])
    cited["verified_on"] = _day(cited.get("verified_on"))
    answer = Answer(status, value, is_unlimited, entry.get("id", key_id), role, Citation(**cited))
    span = DaySpan.inclusive(_known_day(entry["from"]), _known_day(entry["through"]))
    return Value({name: tuple(words) for name, words in entry["for"].items()}, span, answer)


def _key_of(name: str, content: Mapping[str, Any]) -> PolicyKey:
    key_id, role = content["id"], content["role"]
    values = tuple(_value_of(entry, key_id, role) for entry in content["values"])
    return PolicyKey(name, content["subject"], content["unit"], key_id, role, values)


def _interpretation_of(content: Mapping[str, Any]) -> Interpretation:
    fields = dict(content)
    fields["decided_on"] = _known_day(fields["decided_on"])
    fields["cases"] = tuple(fields["cases"])
    return Interpretation(**fields)


def keys_of(content: Mapping[str, Any]) -> dict[str, PolicyKey]:
    """Rebuild the keys and their values."""
    return {name: _key_of(name, fields) for name, fields in content["keys"].items()}


def notices_of(content: Mapping[str, Any]) -> dict[str, Notice]:
    """Rebuild the notices, without their clauses."""
    notices = {}
    for notice_id, fields in content["notices"].items():
        given = {
            **fields,
            "issuers": tuple(fields["issuers"]),
            "issued_on": _day(fields["issued_on"]),
        }
        notices[notice_id] = Notice(id=notice_id, **given)
    return notices


def interpretations_of(content: Mapping[str, Any]) -> dict[str, Interpretation]:
    """Rebuild the recorded readings."""
    return {name: _interpretation_of(fields) for name, fields in content["interpretations"].items()}
