"""The subject files of a random pack."""

from tests.reference.random_packs import (
    AWAY,
    CARE_TYPES,
    DISEASES,
    IN_OUT,
    MODES,
    RandomPack,
)

WORDS = ["referred", "filed", "in_province"]
SHARED = "shared_limit"


def build_files(pack: RandomPack) -> None:
    """Fill in every file of the pack."""
    pack.files["region"] = region(pack)
    pack.files["basic"] = basic(pack)
    pack.files["catastrophic"] = catastrophic(pack)
    pack.files["assistance"] = assistance(pack)
    pack.files["supplementary"] = supplementary(pack)
    pack.files["coverage"] = coverage(pack)
    pack.files["interpretations"] = []


def subject(name: str) -> dict:
    """Begin a subject file."""
    return {"subject": name, "scheme": "resident"}


def region(pack: RandomPack) -> dict:
    """Build region.yaml."""
    listed = pack.rng.sample(list(DISEASES), 2)
    diseases = {}
    for name, care_types in DISEASES.items():
        diseases[name] = {"zh": name, "en": name, "care_types": care_types}
        if name in listed:
            diseases[name]["listed"] = "listed"
    return {
        "region": pack.region,
        "name": {"zh": "随机", "en": "Random"},
        "kind": "demonstration",
        "notices": [],
        "scheme": "resident",
        "known": {"from": pack.first_day, "through": pack.last_day},
        "benefit_year": "calendar",
        "deciding_day": "discharge",
        "grades": pack.grades,
        "levels": pack.levels,
        "age_groups": pack.ages,
        "diseases": diseases,
        "admission_orders": 3,
        "ranks": {use: list(rank) for use, rank in pack.ranks.items()},
        "assistance_kinds": pack.kinds,
    }


def basic(pack: RandomPack) -> dict:
    """Build basic.yaml: every key, most of the optional ones."""
    rng, words = pack.rng, pack.vocabularies
    place = ("care_type", "level", "grade", "disease")
    asks = ("not_known", "not_offered")
    file = subject("basic")

    def rate():
        if rng.random() < 0.2:
            return pack.steps(20, 95)
        return pack.percent(0, 100) if rng.random() < 0.1 else pack.percent(30, 90)

    file["rate"] = pack.key(rate, words(*place, "age_group"), fine=0.8, open_to=asks)
    file["deductible"] = deductible(pack)
    file["counts_into"] = None
    limits = basic_limits(pack)
    file["counts_into"] = pack.key(lambda: pack.ids(list(limits)), words(*place), fine=0.8)
    file["limits"] = limits
    pack.optional(file, "fixed_sum", 0.5, lambda: maternity_sums(pack))
    basic_optional(pack, file)
    return file


def maternity_sums(pack: RandomPack) -> dict:
    """Build fixed sums for maternity, sometimes by level."""
    values = pack.dated(
        {"care_type": "maternity"}, lambda: pack.money(0, 4000), ("not_known", "not_offered")
    )
    for level in pack.levels[:1]:
        chosen = {"care_type": "maternity", "level": level}
        values += pack.dated(chosen, lambda: pack.money(0, 4000))
    return {"unit": "yuan per birth", "values": values}


def deductible(pack: RandomPack) -> dict:
    """Build the deductible: per stay, or yearly under an id, by care type."""
    rng = pack.rng
    yearly = [name for name in CARE_TYPES if rng.random() < 0.3 and not pack.one_rule]
    values = pack.dated({}, lambda: pack.money(0, 1500), ("not_known",))
    for care_type in CARE_TYPES:
        if care_type not in yearly and rng.random() < 0.5:
            continue
        extra = {"id": rng.choice(["yearly_one", "yearly_two"])} if care_type in yearly else {}
        draws = [({"care_type": care_type}, 1500)]
        if rng.random() < 0.4:
            category = rng.choice([*pack.ranks["basic"], "none"])
            draws.append(({"care_type": care_type, "category": category}, 700))
        for chosen, high in draws:
            values += [
                entry if "not_known" in entry else {**entry, **extra}
                for entry in pack.dated(chosen, lambda high=high: pack.money(0, high))
            ]
    return {"unit": "yuan", "values": values}


def basic_limits(pack: RandomPack) -> dict:
    """Build the limits of the basic tier, caps and item limits."""
    words = pack.vocabularies
    names = ("category", "grade", "disease", "care_type", "age_group", "level")
    limits = {}
    for name, role, low, high in (
        ("basic_cap", "cap", 2000, 150000),
        ("outpatient_limit", "item", 50, 5000),
        ("disease_limit", "item", 300, 20000),
        ("second_cap", "cap", 1000, 60000),
    ):
        limits[name] = pack.key(
            lambda low=low, high=high: pack.limit(low, high, is_yearly_share=True),
            words(*names),
            open_to=("not_known",),
            role=role,
        )
    return limits


def basic_optional(pack: RandomPack, file: dict) -> None:
    """Add the optional keys of the basic tier, each most of the time."""
    rng, words = pack.rng, pack.vocabularies

    def order_shares():
        values = []
        for order in (2, 3):
            chosen = {"care_type": "inpatient", "order": order}
            values += pack.dated(chosen, lambda: pack.percent(0, 80))
        return {"unit": "share", "values": values}

    places = ("care_type", "level")
    builds = {
        "deductible_order_share": order_shares,
        "deductible_category_share": lambda: pack.key(
            lambda: pack.percent(0, 100), words("category", "care_type"), base=False
        ),
        "deductible_sum_cap": lambda: pack.key(
            lambda: pack.limit(100, 3000),
            words("grade", "category"),
            id=rng.choice(["deductible_sum", "deductible_sum", "yearly_one"]),
        ),
        "age_bonus": lambda: pack.key(pack.points, words("age_group", *places), base=False),
        "category_bonus": lambda: pack.key(pack.points, words("category", *places), base=False),
        "points_off": lambda: pack.key(pack.points, words("off_area"), base=False, fine=0),
        "factor": lambda: pack.key(
            lambda: pack.percent(50, 100), words("off_area", "care_type"), base=False
        ),
        "off_area_rate": lambda: away_only(pack, lambda: away_rate(pack)),
        "off_area_deductible": lambda: away_only(pack, lambda: pack.money(0, 2500)),
        "local_terms": lambda: pack.key(
            lambda: rng.choice(["applies", "does_not_apply"]), words("category"), base=False
        ),
        "guaranteed_minimum": lambda: pack.key(
            lambda: pack.percent(20, 60), words("off_area", "care_type"), base=False
        ),
        "per_visit_limit": lambda: pack.key(
            lambda: pack.limit(20, 30000), words("care_type", "level", "disease"), base=False
        ),
    }
    if pack.one_rule:
        del builds["deductible_sum_cap"]
    for name, build in builds.items():
        pack.optional(file, name, 0.6, build)


def away_rate(pack: RandomPack):
    """Draw an own rate of off-area care, in bands sometimes."""
    return pack.steps(20, 80) if pack.rng.random() < 0.25 else pack.percent(20, 80)


def away_only(pack: RandomPack, draw) -> dict:
    """Build a key that speaks about some off-area states only."""
    values = []
    for state in pack.rng.sample(AWAY, pack.rng.randint(1, 4)):
        values += pack.dated({"off_area": state}, draw)
        if pack.rng.random() < 0.3:
            values += pack.dated({"off_area": state, "care_type": "inpatient"}, draw)
    return {"unit": "as each value says", "values": values}


def catastrophic(pack: RandomPack) -> dict:
    """Build catastrophic.yaml."""
    rng = pack.rng
    words = pack.vocabularies("category", use="catastrophic")
    asks = ("not_known", "not_offered")
    basis = rng.choice(["above_deductible", "absolute"])
    file = subject("catastrophic")
    file["deductible"] = pack.key(
        lambda: pack.money(500, 15000), words, open_to=asks, id="catastrophic_deductible"
    )
    file["band_basis"] = pack.key(lambda: basis)

    def brackets():
        if rng.random() < 0.25:
            return pack.percent(40, 95)
        first = rng.choice([0, 5000, 12000]) if basis == "absolute" else 0
        return pack.steps(40, 95, first)

    file["brackets"] = pack.key(brackets, words, open_to=asks)
    names = ["catastrophic_cap", *(["second_cap"] if rng.random() < 0.2 else [])]
    file["counts_into"] = pack.key(lambda: pack.ids(names), words)
    file["limits"] = {
        "catastrophic_cap": pack.key(
            lambda: pack.limit(2000, 200000, is_yearly_share=True),
            words,
            open_to=("not_known",),
            role="cap",
        )
    }
    for part in ("self_pay_first", "deductible", "above_cap", "unfiled_cut", "item_excess"):
        file[f"base_{part}"] = pack.switch(*IN_OUT)
    file["care_counts"] = care_counts(pack)
    for name in ("on_rule_change", "on_category_change"):
        mode = rng.choice(MODES)
        changes = rng.random() < 0.15
        file[name] = pack.switch(*MODES) if changes else pack.switch(mode)
    return file


def care_counts(pack: RandomPack) -> dict:
    """Build the switch of care types: inpatient mostly in."""
    values = pack.dated({}, lambda: pack.rng.choice(IN_OUT))
    values += pack.dated({"care_type": ["inpatient", "chronic_special"]}, lambda: "in")
    if pack.rng.random() < 0.3:
        chosen = {"care_type": "chronic_special", "disease": "tumour"}
        values += pack.dated(chosen, lambda: pack.rng.choice(IN_OUT))
    return {"unit": "switch", "values": values}


def assistance(pack: RandomPack) -> dict:
    """Build assistance.yaml, with one kind of benefit or three."""
    rng = pack.rng
    words = pack.vocabularies("category", "kind", "care_type", use="assistance")
    file = subject("assistance")
    if len(pack.kinds) > 1:
        file["kind_condition"] = kind_conditions(pack)
    file["rate"] = assistance_rate(pack, {**words, **pack.vocabularies("level")})
    file["deductible"] = pack.key(
        lambda: pack.money(0, 3000), words, open_to=("not_known",), id="assistance_deductible"
    )
    per = rng.choice(["stay", "year"])
    file["deductible_per"] = pack.key(lambda: per)
    names = ["assistance_limit", SHARED, *(["second_cap"] if rng.random() < 0.1 else [])]
    file["counts_into"] = pack.key(lambda: pack.ids(names), words)
    limit_words = {**words, **pack.vocabularies("grade")}
    file["limits"] = {
        name: pack.key(
            lambda: pack.limit(500, 40000), limit_words, open_to=("not_known",), role="cap"
        )
        for name in ("assistance_limit", SHARED)
    }
    by_kind = pack.vocabularies("category", "kind", use="assistance")
    file["requires"] = pack.key(lambda: requires(pack), by_kind)
    for part in ("deductible", "above_cap", "item_excess", "unfiled_cut"):
        file[f"base_{part}"] = pack.switch(*IN_OUT)
    file["care_counts"] = care_counts(pack)
    file["on_late_status"] = pack.switch(pack.late_status)
    file["late_status_supplementary"] = pack.switch(*IN_OUT)
    return file


def assistance_rate(pack: RandomPack, words: dict) -> dict:
    """Build the rate: as in the notices for ranked categories alone, or for anybody."""
    if pack.rng.random() < 0.3:
        asks = ("not_known", "not_offered")
        return pack.key(lambda: pack.percent(30, 100), words, fine=0.6, open_to=asks)
    values = pack.dated({}, lambda: "not_offered")
    ranked = list(pack.ranks["assistance"])
    values += pack.dated({"category": ranked}, lambda: pack.percent(30, 100), ("not_known",))
    for category in pack.rng.sample(ranked, 1):
        for care_type in pack.rng.sample(CARE_TYPES, 2):
            chosen = {"category": category, "care_type": care_type}
            values += pack.dated(chosen, lambda: pack.percent(30, 100), ("not_offered",))
    return {"unit": "share", "values": values}


def requires(pack: RandomPack) -> list[str]:
    """Draw the conditions of a benefit, none mostly."""
    return pack.rng.sample(WORDS, pack.rng.choice([0, 0, 0, 1, 2]))


def kind_conditions(pack: RandomPack) -> dict:
    """Build the conditions of the kinds before the last."""

    def large_cost():
        return {
            "value": {
                "level_at_least": pack.rng.choice([1, 2]),
                "cost_over": pack.money(1000, 30000),
                "cost": pack.rng.choice(["in_scope", "total", "either"]),
            }
        }

    def listed():
        care_types = ["inpatient"] if pack.rng.random() < 0.3 else ["inpatient", "chronic_special"]
        return {"value": {"disease": "listed", "care_type": care_types}}

    values = pack.dated({"kind": "listed_disease"}, listed)
    values += pack.dated({"kind": "large_cost"}, large_cost)
    return {"unit": "condition", "values": values}


def supplementary(pack: RandomPack) -> dict:
    """Build supplementary.yaml."""
    rng = pack.rng
    words = pack.vocabularies("category", "care_type", use="supplementary")
    file = subject("supplementary")
    file["rate"] = pack.key(
        lambda: pack.percent(30, 100), words, open_to=("not_known", "not_offered")
    )
    shares_base = rng.random() < 0.1
    file["threshold"] = pack.key(
        lambda: pack.money(0, 4000),
        words,
        open_to=("not_known",),
        id="assistance_deductible" if shares_base else "supplementary_threshold",
    )
    per = rng.choice(["stay", "year"])
    file["threshold_per"] = pack.key(lambda: per)
    file["requires"] = pack.key(
        lambda: requires(pack), pack.vocabularies("category", use="supplementary")
    )
    names = ["supplementary_limit", *([SHARED] if rng.random() < 0.5 else [])]
    file["counts_into"] = pack.key(lambda: pack.ids(names), words)
    file["limits"] = {
        "supplementary_limit": pack.key(
            lambda: pack.limit(300, 20000), words, open_to=("not_known",), role="cap"
        )
    }
    return file


def coverage(pack: RandomPack) -> dict:
    """Build coverage.yaml."""
    file = subject("coverage")
    file["cover_day"] = pack.switch("admission", "every_day")
    words = ["03-31 of the next year", "06-30 of the next year", "none"]
    pack.optional(file, "paper_deadline", 0.7, lambda: pack.switch(*words))
    return file
