"""What was charged, who pays what, in which order, and what was paid differently later."""

from claims.models.account import AccountEntry, AccountingMonth, BenefitYearAccount, EntryKind
from claims.models.adjustment import Adjustment, Payer
from claims.models.api_token import ApiToken, ApiUse, ApiUseKind
from claims.models.bill import Bill, BillCounter, BillItem, BillVersion, ItemClass
from claims.models.draft import SettlementDraft
from claims.models.facility import Facility, FacilityLevel
from claims.models.hold import BillHold, HoldKind
from claims.models.invoice import InvoiceUse, InvoiceUseKind
from claims.models.release import ReleaseKind, SettlementRelease
from claims.models.settlement import Act, Outcome, Settlement
from claims.models.vocabulary import BillKind, CareType, OffArea, Origin, Payee, ThirdParty

__all__ = [
    "AccountEntry",
    "AccountingMonth",
    "Act",
    "Adjustment",
    "ApiToken",
    "ApiUse",
    "ApiUseKind",
    "BenefitYearAccount",
    "Bill",
    "BillCounter",
    "BillHold",
    "BillItem",
    "BillKind",
    "BillVersion",
    "CareType",
    "EntryKind",
    "Facility",
    "FacilityLevel",
    "HoldKind",
    "InvoiceUse",
    "InvoiceUseKind",
    "ItemClass",
    "OffArea",
    "Origin",
    "Outcome",
    "Payee",
    "Payer",
    "ReleaseKind",
    "Settlement",
    "SettlementDraft",
    "SettlementRelease",
    "ThirdParty",
]
