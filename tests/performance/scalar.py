"""The plain way: one bill after the other in Python integers, with the same rule rows.

The baseline of the kernel benchmark, and compared with the kernel to the fen in the same
run. It reads the rule table into objects first; that time is not counted.
"""

from claims.settlement.columns import ClaimColumns
from claims.settlement.table import NOT_KNOWN, NOT_OFFERED, OFFERED, OFFSET, OLD_ALL_YEAR, RuleTable

HALF, PPM = 500_000, 1_000_000


class Rule:
    """One rule row as plain integers and lists."""

    def __init__(self, table: RuleTable, row: int) -> None:
        for name, array in ((name, table.rules[name]) for name in table.rules._arrays):
            setattr(self, name, array[..., row].tolist())
        self.bands = list(zip(self.basic_over, self.basic_step, strict=True))[: table.bands]
        self.widths = table.limits
        self.kinds = range(table.kinds)


class Year:
    """The state of one account-year."""

    __slots__ = ("admissions", "cut", "first", "last", "offset", "paid", "period", "used")

    def __init__(self, slots: int) -> None:
        self.used = [0] * (slots + 1)
        self.admissions = self.paid = self.cut = self.first = self.last = self.period = 0
        self.offset = False


class ScalarSettlement:
    """Settles claims one by one; keeps (basic, catastrophic, assistance, supplementary, own share)."""

    def __init__(self, table: RuleTable) -> None:
        self.table = table
        self.rules = [Rule(table, row) for row in range(table.rules.rows)]
        thresholds, steps = table.terms["threshold"], table.terms["step"]
        count = table.terms.rows
        self.terms = [
            (
                int(table.terms["status"][row]),
                [
                    (int(thresholds[band, row]), int(steps[band, row]))
                    for band in range(table.terms_bands)
                ],
            )
            for row in range(count)
        ]
        self.terms_index = table.terms_index.tolist()
        self.slots = len(table.accumulator_names)

    def run(self, claims: ClaimColumns) -> list[tuple[int, ...]]:
        """Settle all claims in their order."""
        columns = [getattr(claims, name).tolist() for name in ClaimColumns.__dataclass_fields__]
        results, account, year = [], -1, Year(self.slots)
        for row in zip(*columns, strict=True):
            if row[0] != account:
                account, year = row[0], Year(self.slots)
            results.append(self.settle(row, year))
        return results

    def settle(self, claim: tuple, year: Year) -> tuple[int, ...]:
        """One bill through the tiers."""
        (
            _,
            rule_row,
            _,
            _,
            _,
            admission,
            referred,
            filed,
            province,
            total,
            self_paid,
            over,
            first_pay,
            aid,
            hospital,
        ) = claim
        rule = self.rules[rule_row]
        in_scope = total - self_paid - over - first_pay
        saved = list(year.used)
        order = year.admissions + 1 if admission else 1
        basic, due, item, above, unknown = self.basic(rule, in_scope, order, year.used)
        unfiled = 0
        if not filed:
            at_filed, *_, filed_unknown = self.basic(
                self.rules[rule.filed_row], in_scope, order, year.used
            )
            unfiled, unknown = max(0, at_filed - basic), unknown or filed_unknown
        self.move_basic(rule, year.used, due, basic)
        catastrophic, ceiling_cut, unknown_now, offset = self.catastrophic(
            rule, in_scope, first_pay, basic, due, item, above, unfiled, year
        )
        unknown = unknown or unknown_now
        left = in_scope - basic - catastrophic
        left = self.base("assistance", rule, left, due, item, above, unfiled)
        place = (referred, filed, province)
        base, assistance, unknown_now, kind = self.assistance(
            rule, in_scope, total, left, place, year.used
        )
        unknown = unknown or unknown_now
        supplementary, unknown_now = self.supplementary(
            rule, base - assistance, kind, place, year.used
        )
        if unknown or unknown_now:
            year.used = saved
            return (0, 0, 0, 0, 0)
        year.paid += catastrophic
        year.cut += ceiling_cut
        year.admissions += admission
        year.first = year.first or rule.catastrophic_category + 1
        year.last, year.period, year.offset = (
            rule.catastrophic_category + 1,
            rule.catastrophic_period,
            offset,
        )
        room = total - basic - catastrophic - assistance - supplementary - self_paid - over
        aid = min(aid, room)
        hospital = min(hospital, room - aid)
        return (
            basic,
            catastrophic,
            assistance,
            supplementary,
            room - aid - hospital + self_paid + over,
        )

    def basic(
        self, rule: Rule, in_scope: int, order: int, used: list[int]
    ) -> tuple[int, int, int, int, bool]:
        unknown = rule.basic_unknown != 0
        if rule.basic_is_fixed:
            due, uncapped = 0, min(rule.basic_fixed_fen, in_scope)
        else:
            due = rule.basic_deductible_fen[min(order, 4) - 1]
            if rule.basic_is_yearly:
                due = max(0, due - used[rule.basic_deductible_slot])
            elif rule.basic_sum_cap_slot >= 0 and not rule.basic_sum_cap_open:
                due = min(due, max(0, rule.basic_sum_cap_fen - used[rule.basic_sum_cap_slot]))
            due = min(due, in_scope)
            above_due = in_scope - due
            exact = 0
            for over, step in rule.bands:
                if above_due > over:
                    exact += (above_due - over) * step
            uncapped = (max(exact, above_due * rule.basic_floor) + HALF) // PPM
        pay = uncapped if rule.basic_visit_open else min(uncapped, rule.basic_visit_fen)
        item, above = uncapped - pay, 0
        for number in range(rule.widths["basic"]):
            slot = rule.basic_limit_slot[number]
            if slot < 0:
                continue
            unknown = unknown or (rule.basic_limit_unknown[number] != 0 and pay > 0)
            if not rule.basic_limit_open[number]:
                cut = max(0, pay - max(0, rule.basic_limit_fen[number] - used[slot]))
                pay -= cut
                if rule.basic_limit_item[number]:
                    item += cut
                else:
                    above += cut
        return pay, due, item, above, unknown

    def move_basic(self, rule: Rule, used: list[int], due: int, pay: int) -> None:
        if not rule.basic_is_fixed:
            slot = rule.basic_deductible_slot if rule.basic_is_yearly else rule.basic_sum_cap_slot
            if slot >= 0:
                used[slot] += due
        for number in range(rule.widths["basic"]):
            if rule.basic_limit_slot[number] >= 0:
                used[rule.basic_limit_slot[number]] += pay

    def base(
        self, tier: str, rule: Rule, left: int, due: int, item: int, above: int, unfiled: int
    ) -> int:
        if tier == "catastrophic":
            switches = (
                rule.catastrophic_base_deductible,
                rule.catastrophic_base_above_cap,
                rule.catastrophic_base_item_excess,
                rule.catastrophic_base_unfiled_cut,
            )
        else:
            switches = (
                rule.assistance_base_deductible,
                rule.assistance_base_above_cap,
                rule.assistance_base_item_excess,
                rule.assistance_base_unfiled_cut,
            )
        for switch, part in zip(switches, (due, above, item, unfiled), strict=True):
            if not switch:
                left -= part
        return max(0, left)

    def catastrophic(
        self,
        rule: Rule,
        in_scope: int,
        first_pay: int,
        basic: int,
        due: int,
        item: int,
        above: int,
        unfiled: int,
        year: Year,
    ) -> tuple[int, int, bool, bool]:
        status, bands = self.terms_in_force(rule, year)
        ceiling = in_scope - basic + (first_pay if rule.catastrophic_base_self_pay_first else 0)
        base = self.base("catastrophic", rule, ceiling, due, item, above, unfiled)
        if not rule.catastrophic_counts or status == NOT_OFFERED:
            base = 0
        before = year.used[rule.catastrophic_slot]
        after = before + base
        offset = self.offset_met(rule, year)
        pay = 0
        if rule.catastrophic_counts and status == OFFERED:
            if offset:
                pay = max(0, (self.scale(bands, after) + HALF) // PPM - year.paid - year.cut)
            elif base:
                pay = (self.scale(bands, after) - self.scale(bands, before) + HALF) // PPM
        unknown = status == NOT_KNOWN and base > 0
        year.used[rule.catastrophic_slot] = after
        for number in range(rule.widths["catastrophic"]):
            slot = rule.catastrophic_limit_slot[number]
            if slot >= 0:
                unknown = unknown or (rule.catastrophic_limit_unknown[number] != 0 and pay > 0)
                if not rule.catastrophic_limit_open[number]:
                    pay = min(pay, max(0, rule.catastrophic_limit_fen[number] - year.used[slot]))
        cut = max(0, pay - ceiling)
        pay -= cut
        for number in range(rule.widths["catastrophic"]):
            if rule.catastrophic_limit_slot[number] >= 0:
                year.used[rule.catastrophic_limit_slot[number]] += pay
        return pay, cut, unknown, offset

    def terms_in_force(self, rule: Rule, year: Year) -> tuple[int, list[tuple[int, int]]]:
        category = rule.catastrophic_category
        if rule.catastrophic_category_mode == OLD_ALL_YEAR and year.first:
            category = year.first - 1
        return self.terms[self.terms_index[rule.catastrophic_terms_period][category]]

    def offset_met(self, rule: Rule, year: Year) -> bool:
        rule_changed = year.period > 0 and year.period != rule.catastrophic_period
        category_changed = year.last > 0 and year.last - 1 != rule.catastrophic_category
        return (
            year.offset
            or (rule_changed and rule.catastrophic_rule_mode == OFFSET)
            or (category_changed and rule.catastrophic_category_mode == OFFSET)
        )

    def scale(self, bands: list[tuple[int, int]], amount: int) -> int:
        value = 0
        for threshold, step in bands:
            if amount > threshold:
                value += (amount - threshold) * step
        return value

    def assistance(
        self,
        rule: Rule,
        in_scope: int,
        total: int,
        left: int,
        place: tuple[bool, bool, bool],
        used: list[int],
    ) -> tuple[int, int, bool, int]:
        kind = 0
        for number in rule.kinds:
            cost, basis = rule.kind_cost_fen[number], rule.kind_cost_basis[number]
            met = cost < 0 or (basis != 1 and in_scope > cost) or (basis != 0 and total > cost)
            if rule.kind_possible[number] and met:
                kind = number
                break
        status = rule.assistance_status[kind]
        needs = (
            rule.assistance_needs_referred[kind],
            rule.assistance_needs_filed[kind],
            rule.assistance_needs_province[kind],
        )
        base = (
            left
            if rule.assistance_counts and status != NOT_OFFERED and self.allowed(needs, place)
            else 0
        )
        unknown = (status == NOT_KNOWN or rule.assistance_unknown[kind] != 0) and base > 0
        pay = self.aid(
            rule.assistance_slot,
            base,
            rule.assistance_deductible_fen[kind],
            rule.assistance_is_yearly,
            rule.assistance_rate[kind],
            used,
        )
        if status != OFFERED:
            pay = 0
        limits = [
            (
                rule.assistance_limit_slot[number][kind],
                rule.assistance_limit_fen[number][kind],
                rule.assistance_limit_open[number][kind],
                rule.assistance_limit_unknown[number][kind],
            )
            for number in range(rule.widths["assistance"])
        ]
        pay, unknown_limit = self.limit(limits, pay, used)
        return base, pay, unknown or unknown_limit, kind

    def supplementary(
        self, rule: Rule, left: int, kind: int, place: tuple[bool, bool, bool], used: list[int]
    ) -> tuple[int, bool]:
        status = rule.supplementary_status
        needs = (
            rule.supplementary_needs_referred,
            rule.supplementary_needs_filed,
            rule.supplementary_needs_province,
        )
        base = left if status != NOT_OFFERED and self.allowed(needs, place) else 0
        unknown = (status == NOT_KNOWN or rule.supplementary_unknown != 0) and base > 0
        pay = self.aid(
            rule.supplementary_slot,
            base,
            rule.supplementary_threshold_fen,
            rule.supplementary_is_yearly,
            rule.supplementary_rate,
            used,
        )
        if status != OFFERED:
            pay = 0
        limits = [
            (
                rule.supplementary_limit_slot[number][kind],
                rule.supplementary_limit_fen[number][kind],
                rule.supplementary_limit_open[number][kind],
                rule.supplementary_limit_unknown[number][kind],
            )
            for number in range(rule.widths["supplementary"])
        ]
        pay, unknown_limit = self.limit(limits, pay, used)
        return pay, unknown or unknown_limit

    def aid(
        self, slot: int, base: int, deductible: int, yearly: int, rate: int, used: list[int]
    ) -> int:
        before = used[slot]
        after = before + base
        if slot >= 0:
            used[slot] = after
        above = (
            max(0, after - deductible) - max(0, before - deductible)
            if yearly
            else max(0, base - deductible)
        )
        return (above * rate + HALF) // PPM

    def limit(
        self, limits: list[tuple[int, int, int, int]], pay: int, used: list[int]
    ) -> tuple[int, bool]:
        unknown = False
        for slot, limit, is_open, is_unknown in limits:
            if slot >= 0:
                unknown = unknown or (is_unknown != 0 and pay > 0)
                if not is_open:
                    pay = min(pay, max(0, limit - used[slot]))
        for slot, *_ in limits:
            if slot >= 0:
                used[slot] += pay
        return pay, unknown

    def allowed(self, needs: tuple[int, int, int], place: tuple[bool, bool, bool]) -> bool:
        return all(met or not needed for needed, met in zip(needs, place, strict=True))
