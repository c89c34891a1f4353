"""Who is insured, as what, on which days."""

from enrollment.models.accepted_case import STEPS, AcceptedCase, CaseKind, CaseReceipt, CaseState
from enrollment.models.category import Category, CategorySpell
from enrollment.models.certification import DiseaseCertification
from enrollment.models.coverage import CoverageSpell, CoverageStatus
from enrollment.models.person import IdKind, Person, Sex
from enrollment.models.reading_notice import ReadingKind, ReadingNotice, RevealPurpose
from enrollment.models.search_key import KeyKind, PersonSearchKey

__all__ = [
    "STEPS",
    "AcceptedCase",
    "CaseKind",
    "CaseReceipt",
    "CaseState",
    "Category",
    "CategorySpell",
    "CoverageSpell",
    "CoverageStatus",
    "DiseaseCertification",
    "IdKind",
    "KeyKind",
    "Person",
    "PersonSearchKey",
    "ReadingKind",
    "ReadingNotice",
    "RevealPurpose",
    "Sex",
]
