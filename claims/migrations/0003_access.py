"""Who may do what with the tables of this app; rows of other offices do not exist."""

from django.db import migrations

from config.offices.privileges import ForceRowSecurity, Grant, InsertOnly

# The ledger: rows are added, nothing the product does can change or remove one.
LEDGER = (
    "claims_accountentry",
    "claims_adjustment",
    "claims_bill",
    "claims_billhold",
    "claims_billitem",
    "claims_billversion",
    "claims_settlement",
    "claims_settlementrelease",
)
COUNTERS = ("claims_benefityearaccount", "claims_billcounter")
DRAFTS = "claims_settlementdraft"
# Of the whole pool; invoice uses hold nothing but digests.
POOL_LEDGER = ("claims_invoiceuse", "claims_accountingmonth")
POOL_REFERENCE = ("claims_facility", "claims_facilitylevel")


class Migration(migrations.Migration):
    dependencies = [("claims", "0002_initial")]

    operations = [
        *(ForceRowSecurity(table) for table in (*LEDGER, *COUNTERS, DRAFTS)),
        *(InsertOnly(table) for table in (*LEDGER, *POOL_LEDGER)),
        *(Grant(table, "select, insert, update") for table in (*COUNTERS, *POOL_REFERENCE)),
        Grant(DRAFTS, "select, insert, update, delete"),
    ]
