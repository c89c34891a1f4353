"""Small packs written in a few words, for cases worked by hand.

`PLAIN` answers every key for everyone on every day; a case says only what differs:
`{"catastrophic.deductible": [({}, "12000 yuan")]}`.
"""

from datetime import date
from pathlib import Path

import yaml

FIRST, LAST = date(2021, 1, 1), date(2022, 12, 31)
SOURCE = {"where": "demonstration", "note": "invented"}

PLAIN = {
    "basic": {
        "rate": "65%",
        "deductible": "700 yuan",
        "counts_into": ["basic_cap"],
        "limits.basic_cap": "80000 yuan",
    },
    "catastrophic": {
        "deductible": "12000 yuan",
        "band_basis": "above_deductible",
        "brackets": [("0 yuan", "65%"), ("20000 yuan", "70%"), ("50000 yuan", "75%")],
        "counts_into": ["catastrophic_cap"],
        "limits.catastrophic_cap": "no limit",
        "base_self_pay_first": "out",
        "base_deductible": "in",
        "base_above_cap": "in",
        "base_unfiled_cut": "out",
        "base_item_excess": "out",
        "care_counts": "in",
        "on_rule_change": "marginal",
        "on_category_change": "marginal",
    },
    "assistance": {
        "rate": "not_offered",
        "deductible": "0 yuan",
        "deductible_per": "year",
        "counts_into": ["assistance_limit"],
        "limits.assistance_limit": "6000 yuan",
        "requires": [],
        "base_deductible": "in",
        "base_above_cap": "in",
        "base_item_excess": "out",
        "base_unfiled_cut": "out",
        "care_counts": "in",
        "on_late_status": "assistance_only",
        "late_status_supplementary": "out",
    },
    "supplementary": {
        "rate": "not_offered",
        "threshold": "3000 yuan",
        "threshold_per": "stay",
        "requires": [],
        "counts_into": ["supplementary_limit"],
        "limits.supplementary_limit": "20000 yuan",
    },
    "coverage": {"cover_day": "admission"},
}
IDS = {
    "catastrophic.deductible": "catastrophic_deductible",
    "assistance.deductible": "assistance_deductible",
    "supplementary.threshold": "supplementary_threshold",
}
REGION = {
    "region": "999999_plain",
    "name": {"zh": "示例", "en": "Plain"},
    "kind": "demonstration",
    "notices": [],
    "scheme": "resident",
    "known": {"from": FIRST, "through": LAST},
    "benefit_year": "calendar",
    "deciding_day": "discharge",
    "grades": ["none"],
    "levels": [0, 1, 2, 3],
    "age_groups": {"minor": {"through": 17}, "adult": {"from": 18}},
    "diseases": {
        "uraemia": {
            "zh": "尿毒症",
            "en": "uraemia",
            "care_types": ["inpatient", "chronic_special"],
            "listed": "listed",
        }
    },
    "admission_orders": 3,
    "ranks": {
        use: ["extreme_poverty", "minimum_living", "near_poor"]
        for use in ("subsidy", "basic", "catastrophic", "assistance", "supplementary")
    },
    "assistance_kinds": ["ordinary"],
}


def entry(chosen: dict, value, days: tuple[date, date]) -> dict:
    """Write one value of a key."""
    written = {"for": dict(chosen)} if chosen else {}
    written |= {"from": days[0], "through": days[1], "source": dict(SOURCE)}
    if isinstance(value, list) and value and isinstance(value[0], tuple):
        return written | {"steps": [{"over": over, "pay": pay} for over, pay in value]}
    return written | {"value": value}


def plain_files(changes: dict, region: dict) -> dict[str, object]:
    """Lay the changes over the plain pack; a change is a list of (for, value[, days])."""
    files: dict[str, object] = {"region": REGION | region, "interpretations": []}
    for subject, keys in PLAIN.items():
        file: dict = {"subject": subject, "scheme": "resident"}
        named = {f"{subject}.{name}": [({}, value)] for name, value in keys.items()}
        named |= {name: rows for name, rows in changes.items() if name.startswith(subject)}
        for name, rows in named.items():
            values = [entry(row[0], row[1], (*row[2:], (FIRST, LAST))[0]) for row in rows]
            key = {"unit": "as each value says", "values": values}
            short = name.removeprefix(f"{subject}.")
            if name in IDS:
                key["id"] = IDS[name]
            if short.startswith("limits."):
                key["role"] = "cap"
                file.setdefault("limits", {})[short.removeprefix("limits.")] = key
            else:
                file[short] = key
        files[subject] = file
    return files


def load_plain_pack(folder: Path, changes: dict | None = None, region: dict | None = None):
    """Write the plain pack with its changes and load it like any other."""
    from config.policy.loader import load_pack

    home = folder / REGION["region"]
    home.mkdir(parents=True, exist_ok=True)
    for name, content in plain_files(changes or {}, region or {}).items():
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
        (home / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load_pack(home, {})
