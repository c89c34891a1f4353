"""The database refuses rows that break a rule, whoever writes them; the ledger cannot be changed."""

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from claims.models import BillVersion, Settlement, SettlementRelease
from claims.models.vocabulary import CareType, OffArea
from claims.selectors.ledger import current_version
from config import calendar
from config.policy import schema
from enrollment.models import Category
from tests.factories.claims import confirm

LEDGER = (
    "claims_accountentry",
    "claims_adjustment",
    "claims_bill",
    "claims_billhold",
    "claims_billitem",
    "claims_billversion",
    "claims_invoiceuse",
    "claims_settlement",
    "claims_settlementrelease",
)


def copy(row, **changes):
    """Write a copy of a row with changes; nothing but the database judges it."""
    row = type(row).objects.get(pk=row.pk)
    row.pk = None
    row._state.adding = True
    for name, value in changes.items():
        setattr(row, name, value)
    with transaction.atomic():
        row.save(force_insert=True)


def test_the_words_are_those_of_the_packs():
    assert set(CareType.values) == {*schema.CARE_TYPES, schema.OUTPATIENT_BALANCE}
    assert set(OffArea.values) == set(schema.OFF_AREAS)
    assert set(Category.values) == set(schema.CATEGORIES) - {"none"}


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"basic_fen": 0}, "settlement_balances_by_payer"),
        ({"in_scope_fen": 1}, "settlement_"),
        ({"cash_fen": 0}, "settlement_own_share_splits_by_purse"),
        ({"own_within_fen": 0}, "settlement_own_share_splits_by_scope"),
        ({"outcome": "refused", "reason_code": "R01"}, "settlement_pays_only_where_settled"),
        ({"outcome": "reversed"}, "settlement_"),
        ({"version": 3}, "settlement_supersedes_the_one_before"),
        ({"version": 1, "supersedes": None}, "settlement_version_once"),
    ],
)
def test_a_version_that_breaks_a_rule_is_refused(person, changes, rule):
    version = current_version(confirm(person).pk)
    changes = {"public_id": "00000000-0000-4000-8000-000000000001", **changes}
    if "version" not in changes:
        changes |= {"version": 2, "supersedes": version}
    with pytest.raises(IntegrityError, match=rule):
        copy(version, **changes)


def test_a_version_is_superseded_once(person):
    version = current_version(confirm(person).pk)
    changes = {"supersedes": version, "version": 2, "sequence": 50}
    copy(version, public_id="00000000-0000-4000-8000-000000000001", **changes)
    with pytest.raises(IntegrityError, match="supersedes"):
        copy(version, public_id="00000000-0000-4000-8000-000000000002", **changes | {"version": 3})


def test_a_version_with_a_negative_part_is_refused(person):
    version = current_version(confirm(person).pk)
    moved = version.own_share_fen + 1
    with pytest.raises(IntegrityError, match="settlement_parts_not_negative"):
        copy(
            version,
            public_id="00000000-0000-4000-8000-000000000001",
            version=2,
            supersedes=version,
            own_share_fen=-1,
            own_within_fen=-1 - version.own_outside_fen,
            cash_fen=-1,
            hospital_part_fen=version.hospital_part_fen + moved,
        )


def test_nobody_releases_what_they_confirmed(desk, person):
    version = current_version(confirm(person).pk)
    with (
        pytest.raises(IntegrityError, match="settlement_released_by_another"),
        transaction.atomic(),
    ):
        SettlementRelease.objects.create(
            office=desk.east,
            settlement=version,
            kind="person",
            maker=desk.clerk,
            actor=desk.clerk,
            request_key="k",
            at=calendar.now(),
        )


def test_figures_of_a_bill_are_its_parts(person):
    figures = BillVersion.objects.get(bill=confirm(person))
    with pytest.raises(IntegrityError, match="bill_parts_within_total"):
        copy(figures, version=2, supersedes=figures, self_pay_first_fen=figures.total_fen + 1)


@pytest.mark.parametrize("table", LEDGER)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_application_may_not_change_the_ledger(acting, table, statement):
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))


def test_a_stored_row_still_has_its_digest(person):
    from claims.services.versions import row_digest

    version = Settlement.objects.get(bill=confirm(person))
    assert version.row_digest == row_digest(version)
    version.cash_fen += 1
    assert version.row_digest != row_digest(version)
