"""A change of these tables and its audit event stand or fall together."""

from django.db import migrations

from config.offices.privileges import LeavesEvent

MONEY = (
    "claims_accountentry",
    "claims_accountingmonth",
    "claims_adjustment",
    "claims_benefityearaccount",
    "claims_bill",
    "claims_billhold",
    "claims_billitem",
    "claims_billversion",
    "claims_invoiceuse",
    "claims_settlement",
    "claims_settlementrelease",
)
RIGHTS = ("claims_apitoken",)
REFERENCE = ("claims_facility", "claims_facilitylevel")


class Migration(migrations.Migration):
    dependencies = [("claims", "0004_api_token"), ("audit", "0002_changes_leave_events")]

    operations = [LeavesEvent(table) for table in (*MONEY, *RIGHTS, *REFERENCE)]
