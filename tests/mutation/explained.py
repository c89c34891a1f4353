"""Mutants no test kills, and why.

The key is the mutant's name: file, function, change. `SAME` computes the same, whatever it is given:
no test could kill it, and it is left out of the share. `CITED` changes which clause or wording a
page of explanation shows beside a figure, never the figure; the pure tests do not read every page.
`GAPS` would be noticed by a test that is still to be written: what it would have to be stands there.
"""

_TABLE = "claims/settlement/table.py: "
_RULES = "claims/settlement/rules.py: "
_LEDGER = "claims/settlement/ledger.py: "
_AID = "claims/settlement/tiers/assistance.py: "
_EXPLAIN = "claims/settlement/explain.py: "

SAME = {
    f"{_TABLE}module: 9200000000000 => 9200000000001": "both lie above every amount accepted",
    f"{_TABLE}RuleTable.__init__: -1 => 1": "fills a table of no rows",
    f"{_TABLE}RuleTable.__init__: 0 => 1": "one more limit is looked at; every row says there is none",
    f"{_RULES}_received: 0 => 1": "a day of the year 1 is before every deadline, like no day",
    f"{_RULES}RuleBook.claims: 0 => 1": "the rule row of a bill that no rule decides is never read",
    f"{_LEDGER}Ledgers.run: 0 => 1": "a turn in which nobody has an event",
    f"{_LEDGER}Ledgers._state_of: 1 => 2": "one more account is copied and never asked",
    f"{_AID}_of_kind: -1 => 1": "the last of two axes is the second",
    f"{_AID}_benefit_kind: cost < 0 => cost <= 0": "a cost of 0 is passed by whatever can be paid",
    "claims/settlement/rule_values.py: read_scale: True => False": "both columns have a row's length",
    "claims/settlement/tiers/catastrophic.py: _offset_met: 0 => 1": "a day is far above 1",
}
CITED = dict.fromkeys(
    (
        "claims/settlement/explain_page.py: Page.limits: answer is not None and"
        " isinstance(answer.value, tuple) => answer is not None or isinstance(answer.value, tuple)",
        f"{_EXPLAIN}_explain_scale: [] if brackets is None else bands_of(brackets)"
        " => bands_of(brackets) if brackets is None else []",
        f"{_EXPLAIN}_explain_deductible: min(max(admission, 1), page.tree.region.admission_orders)"
        " => max(max(admission, 1), page.tree.region.admission_orders)",
        f"{_EXPLAIN}_explain_deductible: own is None => not own is None",
        f"{_EXPLAIN}_explain_deductible: facts.care_type == 'inpatient' => facts.care_type != 'inpatient'",
        f"{_EXPLAIN}_explain_rate: 1 => 2",
        f"{_EXPLAIN}_explain_catastrophic: not page.fen('catastrophic_base')"
        " => page.fen('catastrophic_base')",
    ),
    "shown beside a figure, never a figure",
)
GAPS = {
    f"{_AID}_benefit_kind: basis == EITHER => basis != EITHER": "a kind by total cost alone, not met",
    f"{_AID}assistance_tier: 0 => 1": "aid that is not known, and a base of one fen",
    f"{_RULES}RuleBook._write_term_columns: 1 => 2": "terms of the whole year that change in January",
    f"{_RULES}_Periods.answers: 1 => 2": "a pack that begins in January, after the first",
    "claims/settlement/late_status.py: _was_assisted: (book.table.rules['assistance_status']"
    "[:kinds, row] == OFFERED).any() => (book.table.rules['assistance_status'][:kinds, row]"
    " == OFFERED).all()": "a category with one kind of aid offered and another not, granted late",
    "claims/settlement/rows.py: RowWriter._write_deductible: 1 => 2": "reads as true either way",
    "claims/settlement/rule_values.py: write_terms: 0 => 1": "a lowest band below the deductible by a fen",
    "claims/settlement/cases.py: _bill: bill.fully_self_paid_fen + bill.over_limit_price_fen"
    " => bill.fully_self_paid_fen - bill.over_limit_price_fen": "a case whose parts pass the total",
    "claims/settlement/cases.py: Case: 1 => 2": "a default every reader of cases replaces",
}
EXPLAINED = SAME | CITED | GAPS
