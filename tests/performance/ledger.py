"""The sweep of a ledger of a million people and three million versions, settled by the kernel.

Bills are settled in columns and written set-wise: eight-byte columns by COPY into a table beside
the ledger, everything else by SQL. One bill in thirteen was corrected: three versions, legs, one
event. Rows lie in the order of time, not of accounts, as they would in an office.

`SWEEP_PEOPLE` sets the size; the figure of the reliability bar is 1,000,000.
"""

import os
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import psycopg
from django.core.management import call_command
from django.db import connections, transaction
from psycopg import sql

from claims.models import Settlement
from claims.models.settlement import MONEY_COLUMNS
from claims.selectors.facts import AMOUNTS
from claims.selectors.rule_books import book_of
from claims.settlement.accumulators import Accumulators
from claims.settlement.batch import settle_batch
from claims.settlement.columns import (
    CATEGORY_FIRST,
    CATEGORY_LAST,
    HELD,
    OUTCOMES,
    PARTS,
    TRACE,
    ClaimColumns,
    Ints,
)
from claims.settlement.reasons import REASONS
from claims.settlement.rules import RuleBook
from claims.sweep.digests import digested_text
from claims.sweep.rule_keys import with_amounts
from config.sweep.services import as_system, sweep_run
from enrollment.models import Person
from tests.factories.claims import make_facility, make_rules
from tests.factories.offices import make_offices, make_user
from tests.performance.bills import demonstration_book, sample_facts
from tests.performance.city import fill, private_server
from tests.performance.measure import Row

PEOPLE = int(os.environ.get("SWEEP_PEOPLE", "100000"))
BILLS_PER_HUNDRED_PEOPLE = 260
CORRECTED_EVERY = 13
COMBINATIONS = 2_000
ACCOUNTS_AT_ONCE = 100_000
TABLES = (
    "claims_benefityearaccount",
    "claims_bill",
    "claims_billversion",
    "claims_settlement",
    "claims_adjustment",
    "audit_auditevent",
)
_COMBINATION = (
    "care_type", "level", "off_area", "is_referred", "disease", "discharged_on", "age_group",
    "grade", "category_basic", "category_catastrophic", "category_assistance",
    "category_supplementary", "cover", "is_certified", "third_party", "kind",
)  # fmt: skip


class SweepNotClean(AssertionError):
    """The ledger that was built breaks an invariant: the figure would mean nothing."""


def measure_ledger(people: int = PEOPLE) -> Iterator[Row]:
    """Yield a row for each invariant and one for the whole sweep."""
    with private_server():
        call_command("migrate", database="owner", verbosity=0)
        versions = _build(people)
        with as_system("benchmark"):
            run = sweep_run()
            results = list(run.results.all())
        for each in connections.all():
            each.close()
    size = f"{versions:,} versions"
    for each in results:
        note = f"{each.rows_read:,} rows, {each.findings} findings {each.failure}"
        yield Row(f"sweep, {each.code}", size, each.milliseconds / 1000, None, "", note)
    seconds = (run.finished_at - run.started_at).total_seconds()
    yield Row("ledger sweep", size, seconds, None, "reach <= 120 s", f"{people:,} people")
    if not run.is_clean:
        raise SweepNotClean([each.first_findings[:3] for each in results if each.findings])


def _build(people: int) -> int:
    """Build the ledger; returns how many versions it has."""
    with transaction.atomic():
        offices = make_offices()
        clerk = make_user(offices.east, "clerk")
        release = make_rules(offices.pool)
        facility = make_facility()
        with as_system("benchmark"):
            book = book_of([release.pk])
    fill(offices.east.pk, people)
    named = {
        "office": offices.east.pk, "clerk": clerk.pk, "release": release.pk,
        "facility": facility.pk, "region": release.region,
    }  # fmt: skip
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"], autocommit=True) as owner:
        owner.execute("SELECT set_config('app.office_ids', %s, false)", [str(offices.east.pk)])
        for table in TABLES:
            owner.execute(
                sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table))
            )
        facts = _combinations(owner, release.pk, book)
        _settle(owner, book, facts, people)
        _write(owner, book, {name: sql.Literal(value) for name, value in named.items()})
        for table in TABLES:
            owner.execute(
                sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(table))
            )
            owner.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(table)))
        owner.execute("DROP TABLE built, combination")
        return owner.execute("SELECT count(*) FROM claims_settlement").fetchone()[0]


def _combinations(owner: psycopg.Connection, release_id: int, book: RuleBook) -> ClaimColumns:
    """Write the combinations of facts to a table; returns their columns."""
    facts = [
        replace(each, release=str(release_id))
        for each in sample_facts(demonstration_book(), COMBINATIONS)
    ]
    columns = book.claims(facts, np.zeros(len(facts), dtype=np.int64))
    owner.execute(
        "CREATE UNLOGGED TABLE combination (number int PRIMARY KEY, care_type text, level int, off_area text,"
        " referred bool, disease text, discharged_on date, age_group text, grade text,"
        " category_basic text, category_catastrophic text, category_assistance text,"
        " category_supplementary text, cover text, is_certified bool, third_party text, kind text)"
    )
    with owner.cursor().copy("COPY combination FROM STDIN") as copy:
        for number, each in enumerate(facts):
            copy.write_row((number, *(getattr(each, name) for name in _COMBINATION)))
    return columns


def _settle(owner: psycopg.Connection, book: RuleBook, sample: ClaimColumns, people: int) -> None:
    """Settle the bills of everyone and copy the columns into `built`."""
    rng = np.random.default_rng(23)
    usable = np.flatnonzero(sample.outcome != HELD)
    names = [
        f"{kind}_{at}"
        for kind in ("opening", "closing")
        for at in range(len(book.accumulator_names))
    ]
    columns = ["number", "account", "sequence", "combination", "outcome", "reason", *AMOUNTS]
    columns += [f"part_{name}" for name in PARTS] + [f"trace_{name}" for name in TRACE] + names
    owner.execute(
        sql.SQL("CREATE UNLOGGED TABLE built ({})").format(
            sql.SQL(", ").join(
                sql.SQL("{} bigint").format(sql.Identifier(name)) for name in columns
            )
        )
    )
    number = 0
    for first in range(0, people, ACCOUNTS_AT_ONCE):
        accounts = min(ACCOUNTS_AT_ONCE, people - first)
        counts = np.ones(accounts, dtype=np.int64)
        extra = accounts * BILLS_PER_HUNDRED_PEOPLE // 100 - accounts
        np.add.at(counts, rng.integers(accounts, size=extra), 1)
        account = np.repeat(np.arange(accounts), counts)
        place = np.arange(len(account)) - np.repeat(np.cumsum(counts) - counts, counts) + 1
        pick = usable[rng.integers(len(usable), size=len(account))]
        total = np.exp(rng.normal(13.2, 1.4, size=len(account))).astype(np.int64) + 100
        amounts = np.stack(
            [total, total // 20, total // 50, total // 12, total // 200, total // 400]
        )
        claims = with_amounts(sample.take(pick), account, amounts)
        opening = Accumulators.empty(book.accumulator_names, accounts)
        results, closing = settle_batch(claims, book.table, opening, keep_opening=True)
        after = np.empty_like(results.opening)
        after[:, :-1] = results.opening[:, 1:]
        last = np.cumsum(counts) - 1
        after[:, last] = closing.values
        kept = results.outcome != HELD
        rows = np.vstack(
            [
                number + np.arange(len(account)) + 1,
                account + first + 1,
                place,
                pick,
                results.outcome,
                results.reason,
                amounts,
                results.figures,
                results.opening,
                after,
            ]
        )[:, kept]
        number += len(account)
        _copy(owner, rows)
    owner.execute("CREATE INDEX ON built (number); ANALYZE built")


def _copy(owner: psycopg.Connection, rows: Ints) -> None:
    """Copy (columns, n) int64 in the binary form, as `fixed_columns` reads them."""
    count, n = rows.shape
    kind = np.dtype([("count", ">i2"), ("fields", [("length", ">i4"), ("value", ">i8")], count)])
    framed = np.empty(n, dtype=kind)
    framed["count"], framed["fields"]["length"], framed["fields"]["value"] = count, 8, rows.T
    with owner.cursor().copy("COPY built FROM STDIN (FORMAT BINARY)") as copy:
        copy.write(b"PGCOPY\n\xff\r\n\x00" + bytes(8))
        copy.write(framed.tobytes())
        copy.write(b"\xff\xff")


_ROWS = """
INSERT INTO claims_benefityearaccount (id, office_id, person_id, scheme, region, benefit_year, next_sequence)
OVERRIDING SYSTEM VALUE
SELECT account, {office}, {first_person} + account - 1, 'resident', {region}, 2026, max(sequence) + 1
FROM built GROUP BY account;
INSERT INTO claims_bill (id, office_id, public_id, number, person_id, origin, invoice_code, invoice_number,
    issue, created_by_id, created_at)
OVERRIDING SYSTEM VALUE
SELECT number, {office}, gen_random_uuid(), '2026-' || lpad(number::text, 8, '0'),
    {first_person} + account - 1, 'office', '99001234', lpad(number::text, 12, '0'), 1, {clerk}, now()
FROM built ORDER BY sequence, number;
INSERT INTO claims_billversion (id, office_id, bill_id, version, supersedes_id, kind, payee, care_type, facility_id,
    off_area, referred, disease, admitted_on, discharged_on, third_party, received_on, total_fen,
    fully_self_paid_fen, over_limit_price_fen, self_pay_first_fen, other_aid_fen, other_aid_payer,
    hospital_part_fen, reason, actor_id, request_key, at)
OVERRIDING SYSTEM VALUE
SELECT b.number + figures * 100000000, {office}, b.number, figures + 1,
    CASE WHEN figures > 0 THEN b.number END, c.kind, 'person', c.care_type,
    {facility}, c.off_area, c.referred, c.disease, c.discharged_on, c.discharged_on, c.third_party, NULL,
    b.total_fen, b.fully_self_paid_fen, b.over_limit_price_fen, b.self_pay_first_fen, b.other_aid_fen, '',
    b.hospital_part_fen, '', {clerk}, 'bill-' || b.number, now()
FROM built b JOIN combination c ON c.number = b.combination CROSS JOIN generate_series(0, 1) figures
WHERE figures = 0 OR b.number % {every} = 0 ORDER BY figures, b.sequence, b.number;
"""
_AFTER = """
INSERT INTO claims_adjustment (office_id, from_settlement_id, to_settlement_id, payer, counterparty, amount_fen,
    cause, actor_id, request_key, at)
SELECT {office}, s.supersedes_id, s.id, leg.payer, 'person', leg.fen, s.act, s.actor_id, s.request_key, s.at
FROM claims_settlement s JOIN claims_settlement before ON before.id = s.supersedes_id
CROSS JOIN LATERAL (VALUES ('basic', s.basic_fen - before.basic_fen),
    ('catastrophic', s.catastrophic_fen - before.catastrophic_fen),
    ('assistance', s.assistance_fen - before.assistance_fen),
    ('supplementary', s.supplementary_fen - before.supplementary_fen)) leg (payer, fen)
WHERE leg.fen <> 0;
INSERT INTO audit_auditevent (office_id, actor_id, agent, roles, verb, target_kind, target_id, outcome, reason,
    payload, request_id, address)
SELECT {office}, s.actor_id, '', 'clerk', 'settlement.confirmed', 'claims.settlement', s.public_id::text, 'done',
    '', jsonb_build_object('number', bill.number, 'version', 1), gen_random_uuid(), ''
FROM claims_settlement s JOIN claims_bill bill ON bill.id = s.bill_id WHERE s.act = 'confirm';
INSERT INTO audit_auditevent (office_id, actor_id, agent, roles, verb, target_kind, target_id, outcome, reason,
    payload, request_id, address)
SELECT {office}, s.actor_id, '', 'clerk', 'bill.corrected', 'claims.bill', bill.public_id::text, 'done',
    '', jsonb_build_object('number', bill.number, 'version', 2), gen_random_uuid(), ''
FROM claims_settlement s JOIN claims_bill bill ON bill.id = s.bill_id WHERE s.act = 'correct';
"""


def _write(owner: psycopg.Connection, book: RuleBook, named: dict[str, sql.Composable]) -> None:
    """Write accounts, bills, figures, versions, legs and events from `built`."""
    with as_system("benchmark"), transaction.atomic():
        first_person = Person.objects.order_by("pk").values_list("pk", flat=True)[0]
    named |= {"first_person": sql.Literal(first_person), "every": sql.Literal(CORRECTED_EVERY)}
    owner.execute(sql.SQL(_ROWS).format(**named))
    corrected = f"b.number % {CORRECTED_EVERY} = 0"
    zero = dict.fromkeys(MONEY_COLUMNS, "0") | {
        "outcome": "'reversed'",
        "reason_code": "''",
        "closing": _accumulators(book, "opening"),
        "trace_fen": f"array_fill(0::bigint, ARRAY[{len(TRACE)}])",
    }
    for where, changed in (
        ("true", {}),
        (corrected, zero | _as_version(2, "reverse")),
        (corrected, _as_version(3, "correct") | {"bill_version_id": "b.number + 100000000"}),
    ):
        owner.execute(_insertion(_columns(book, named) | changed, where))
    owner.execute(sql.SQL(_AFTER).format(**named))


def _as_version(version: int, act: str) -> dict[str, str]:
    return {
        "id": f"b.number * 3 + {version - 1}",
        "version": str(version),
        "supersedes_id": f"b.number * 3 + {version - 2}",
        "act": f"'{act}'",
        "request_key": "'correct-' || b.number",
    }


def _columns(book: RuleBook, named: dict[str, sql.Composable]) -> dict[str, str]:
    """Return the expression of every column of a first version."""
    reasons = ", ".join(f"'{reason.code}'" for reason in REASONS)
    outcomes = ", ".join(f"'{word}'" for word in OUTCOMES)
    text = {name: part.as_string() for name, part in named.items()}
    copied = ("level", "age_group", "grade", "cover", "is_certified")
    uses = ("basic", "catastrophic", "assistance", "supplementary")
    return {
        "id": "b.number * 3",
        "office_id": text["office"],
        "public_id": "gen_random_uuid()",
        "bill_id": "b.number",
        "version": "1",
        "supersedes_id": "NULL::bigint",
        "bill_version_id": "b.number",
        "account_id": "b.account",
        "sequence": "b.sequence",
        "benefit_year": "2026",
        "region": text["region"],
        "scheme": "'resident'",
        "origin": "'office'",
        "act": "'confirm'",
        "outcome": f"(ARRAY[{outcomes}])[b.outcome + 1]",
        "reason_code": f"(ARRAY[{reasons}])[b.reason + 1]",
        "reason": "''",
        "release_id": text["release"],
        **{name: f"c.{name}" for name in copied},
        **{f"category_{use}": f"c.category_{use}" for use in uses},
        **{f"{name}_fen": f"b.part_{name}" for name in PARTS},
        "trace_fen": "ARRAY[" + ", ".join(f"b.trace_{name}" for name in TRACE) + "]",
        "opening": _accumulators(book, "opening"),
        "closing": _accumulators(book, "closing"),
        "entries_through": "0::bigint",
        "payee": "'person'",
        "accounting_month_on": "date '2026-11-01'",
        "actor_id": text["clerk"],
        "request_key": "'confirm-' || b.number",
        "preview_digest": "''",
        "at": "timestamptz '2026-11-02 09:00+08' + b.number * interval '1 millisecond'",
    }


def _accumulators(book: RuleBook, column: str) -> str:
    words = ", ".join(f"'{word}'" for word in book.categories)
    pairs = []
    for at, name in enumerate(book.accumulator_names):
        value = f"NULLIF(b.{column}_{at}, 0)"
        if name in {CATEGORY_FIRST, CATEGORY_LAST}:
            value = f"(ARRAY[{words}])[b.{column}_{at}]"
        pairs.append(f"'{name}', {value}")
    return f"jsonb_strip_nulls(jsonb_build_object({', '.join(pairs)}))"


def _insertion(columns: dict[str, str], where: str) -> str:
    """Return the statement that writes versions with their digests, in the order of time."""
    order = [
        field.column for field in Settlement._meta.concrete_fields if field.column != "row_digest"
    ]
    written = ", ".join(f"{columns[name]} AS {name}" for name in order)
    digest = f"encode(sha256(convert_to({digested_text()}, 'UTF8')), 'hex')"
    return (
        f"INSERT INTO claims_settlement ({', '.join(order)}, row_digest) OVERRIDING SYSTEM VALUE"  # noqa: S608
        f" SELECT {', '.join(f's.{name}' for name in order)}, {digest} FROM (SELECT {written} FROM built b"
        f" JOIN combination c ON c.number = b.combination WHERE {where}) s ORDER BY s.sequence, s.id"
    )
