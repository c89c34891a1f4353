"""Bills, settlements and accounts as lists: to look up and to trace, never to change."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from claims.admin.list_cells import (
    PILLS,
    WORDS,
    desk_link,
    money,
    person_lines,
    pill,
    release_state,
    statement_link,
)
from claims.models import (
    AccountEntry,
    Adjustment,
    BenefitYearAccount,
    Bill,
    BillHold,
    BillVersion,
    HoldKind,
    Outcome,
    Settlement,
)
from claims.models.settlement import MONEY_COLUMNS
from config.admin_looks import ShowsPeople
from config.admin_site import OfficeTabularInline, ReadOnlyModelAdmin
from config.money import format_yuan
from config.policy.entry_words import in_words
from enrollment.services.reading import people_list, person_open


class PersonRecords(ShowsPeople, ReadOnlyModelAdmin):
    """Base of lists and pages about the bills of people."""

    note_look, note_list = staticmethod(person_open), staticmethod(people_list)


def yuan(column: str, label: str | Promise) -> Any:
    """Return a list column that prints fen as yuan."""

    @display(description=label, ordering=column)
    def shown(_page: object, row: models.Model) -> str:
        return money(getattr(row, column))

    shown.__name__ = column.replace("_fen", "_yuan")
    return shown


def who(column: str, label: str | Promise) -> Any:
    """Return a field that names who did it, without a link to an account few may open."""

    @display(description=label)
    def shown(_page: object, row: models.Model) -> str:
        return str(getattr(row, column) or "—")

    return shown


CODED_FACTS = (
    "category_basic",
    "category_catastrophic",
    "category_assistance",
    "category_supplementary",
    "grade",
    "age_group",
    "cover",
)


class ShownInline(OfficeTabularInline):
    """Rows that are only shown; what they name is read with them."""

    show_change_link = False
    named: tuple[str, ...] = ("actor",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related(*self.named)


class BillVersionInline(ShownInline):
    model = BillVersion
    view_act = "bill.view"
    fields = readonly_fields = (
        "version",
        "care_type",
        "facility",
        "admitted_on",
        "discharged_on",
        "total_yuan",
        "reason",
        "by",
        "at",
    )
    ordering = ("version",)
    named = ("bill", "facility", "actor")
    by = who("actor", _("actor"))
    total_yuan = yuan("total_fen", _("total"))


class BillHoldInline(ShownInline):
    model = BillHold
    view_act = "bill.view"
    named = ("bill", "actor")
    fields = readonly_fields = ("kind", "reasons", "reason", "by", "at")
    by = who("actor", _("actor"))


class SettlementInline(ShownInline):
    model = Settlement
    view_act = "settlement.view"
    fields = readonly_fields = (
        "version",
        "act",
        "outcome",
        "reason_code",
        "fund_yuan",
        "own_share_yuan",
        "by",
        "at",
        "statement",
    )
    ordering = ("version",)
    named = ("bill", "actor")
    by = who("actor", _("actor"))
    show_change_link = True
    fund_yuan = yuan("fund_fen", _("paid by the funds"))
    own_share_yuan = yuan("own_share_fen", _("own share"))

    @display(description=_("statement"))
    def statement(self, version: Settlement) -> str:
        return statement_link(version)


class BillStateFilter(admin.SimpleListFilter):
    """What became of a bill: its current version, or its last hold."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, _request: HttpRequest, _page: Any) -> list[tuple[str, Any]]:
        return [(word, WORDS[word]) for word in (*HoldKind.values, *Outcome.values)]

    def queryset(self, _request: HttpRequest, rows: QuerySet[Bill]) -> QuerySet[Bill]:
        if self.value() in HoldKind.values:
            return rows.filter(outcome_now__isnull=True, hold_now=self.value())
        return rows.filter(outcome_now=self.value()) if self.value() else rows


@admin.register(Bill)
class BillAdmin(PersonRecords):
    person_path, list_name = ("person",), "bills"
    view_act = "bill.view"
    list_display = (
        "number",
        "person_cell",
        "invoice_number",
        "issue",
        "state",
        "origin",
        "office",
        "created_at",
        "desk",
    )
    list_filter = (BillStateFilter, "office", "origin", ("created_at", admin.DateFieldListFilter))
    list_select_related = ("person", "office")
    search_fields = ("number", "invoice_number")
    search_help_text = _("Number of the bill or of the invoice.")
    ordering = ("-id",)
    fields = readonly_fields = (
        "number",
        "person",
        "origin",
        "invoice_code",
        "invoice_number",
        "issue",
        "by",
        "created_at",
        "desk",
    )
    by = who("created_by", _("entered by"))
    inlines = (BillVersionInline, BillHoldInline, SettlementInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Bill]:
        """Add what became of each bill: its current version, or else its last hold."""
        of_bill = {"bill": models.OuterRef("pk")}
        version = Settlement.objects.filter(**of_bill, superseded_by__isnull=True)
        hold = BillHold.objects.filter(**of_bill).order_by("-pk")
        return (
            super()
            .get_queryset(request)
            .annotate(
                outcome_now=models.Subquery(version.values("outcome")[:1]),
                hold_now=models.Subquery(hold.values("kind")[:1]),
            )
        )

    @display(description=_("person"), header=True, ordering="person__name")
    def person_cell(self, bill: Bill) -> list[str]:
        return person_lines(bill.person)

    @display(description=_("Settlement desk"))
    def desk(self, bill: Bill) -> str:
        return desk_link(bill)

    @display(description=_("state"), label=PILLS)
    def state(self, bill: Bill) -> Any:
        return pill(bill.outcome_now or bill.hold_now or "")

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Bill], search_term: str
    ) -> tuple[QuerySet[Bill], bool]:
        """Search the beginning of a number; people are searched at the desk."""
        typed = search_term.strip()
        if not typed:
            return queryset, False
        wanted = models.Q(number__startswith=typed) | models.Q(invoice_number=typed)
        return queryset.filter(wanted), False


class IsCurrentFilter(admin.SimpleListFilter):
    """Current versions, or all of them."""

    title = _("versions")
    parameter_name = "versions"

    def lookups(self, _request: HttpRequest, _page: Any) -> list[tuple[str, Any]]:
        return [("all", _("All versions"))]

    def choices(self, changelist: Any):
        """Name the default: the current versions."""
        first, *others = super().choices(changelist)
        yield {**first, "display": _("Current")}
        yield from others

    def queryset(self, _request: HttpRequest, rows: QuerySet[Settlement]) -> QuerySet[Settlement]:
        return rows if self.value() == "all" else rows.filter(superseded_by__isnull=True)


class AdjustmentInline(ShownInline):
    model = Adjustment
    fk_name = "to_settlement"
    view_act = "settlement.view"
    fields = readonly_fields = ("payer", "counterparty", "amount_yuan", "cause", "at")
    named = ("to_settlement__bill", "actor")
    amount_yuan = yuan("amount_fen", _("amount"))


@admin.register(Settlement)
class SettlementAdmin(PersonRecords):
    person_path, list_name = ("bill", "person"), "settlements"
    view_act = "settlement.view"
    list_display = (
        "bill_number",
        "version",
        "person_cell",
        "outcome_pill",
        "act",
        "total_yuan",
        "fund_yuan",
        "own_share_yuan",
        "release_pill",
        "at",
        "statement",
    )
    list_filter = (IsCurrentFilter, "outcome", "act", "office", ("at", admin.DateFieldListFilter))
    list_select_related = ("bill__person", "release_row", "superseded_by")
    search_fields = ("bill__number",)
    search_help_text = _("Number of the bill.")
    ordering = ("-id",)
    inlines = (AdjustmentInline,)
    by = who("actor", _("actor"))
    total_yuan = yuan("total_fen", _("total"))
    fund_yuan = yuan("fund_fen", _("paid by the funds"))
    own_share_yuan = yuan("own_share_fen", _("own share"))

    @display(description=_("bill"), ordering="bill__number")
    def bill_number(self, version: Settlement) -> str:
        return version.bill.number

    @display(description=_("person"), header=True)
    def person_cell(self, version: Settlement) -> list[str]:
        return person_lines(version.bill.person)

    @display(description=_("outcome"), ordering="outcome", label=PILLS)
    def outcome_pill(self, version: Settlement) -> Any:
        return pill(version.outcome)

    @display(description=_("payment"), label=PILLS)
    def release_pill(self, version: Settlement) -> Any:
        is_current = getattr(version, "superseded_by", None) is None
        return pill(release_state(version, is_current=is_current))

    @display(description=_("statement"))
    def statement(self, version: Settlement) -> str:
        return statement_link(version)

    def get_fieldsets(self, _request: HttpRequest, _obj: Settlement | None = None) -> Any:
        place = ("bill", "version", "supersedes", "act", "outcome", "reason_code", "reason")
        facts = (
            "benefit_year",
            "sequence",
            "category_basic_word",
            "category_catastrophic_word",
            "category_assistance_word",
            "category_supplementary_word",
            "grade_word",
            "level",
            "age_group_word",
            "cover_word",
            "is_certified",
            "release",
        )
        made = ("payee", "accounting_month_on", "by", "at", "row_digest")
        money = tuple(column.replace("_fen", "_yuan") for column in MONEY_COLUMNS)
        return (
            (None, {"fields": place}),
            (_("Amounts in yuan"), {"fields": money}),
            (_("Facts"), {"fields": facts}),
            (_("Act"), {"fields": made}),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Settlement | None = None) -> Any:
        return [
            name for _title, part in self.get_fieldsets(request, obj) for name in part["fields"]
        ]

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Settlement], search_term: str
    ) -> tuple[QuerySet[Settlement], bool]:
        """Search the beginning of a bill number."""
        typed = search_term.strip()
        return (queryset.filter(bill__number__startswith=typed) if typed else queryset), False


def word(column: str) -> Any:
    """Return a field that prints a code of the policy as a word."""

    @display(description=Settlement._meta.get_field(column).verbose_name)
    def shown(_page: object, row: Settlement) -> str:
        return in_words(getattr(row, column))

    return shown


for _column in CODED_FACTS:
    setattr(SettlementAdmin, f"{_column}_word", word(_column))

for _column in MONEY_COLUMNS:
    _name = _column.replace("_fen", "_yuan")
    setattr(SettlementAdmin, _name, yuan(_column, Settlement._meta.get_field(_column).verbose_name))


class EntryInline(ShownInline):
    model = AccountEntry
    view_act = "account.view"
    named = ("actor", "second_actor")
    fields = readonly_fields = (
        "kind",
        "amounts_yuan",
        "reason_code",
        "document",
        "by",
        "approved_by",
        "at",
    )
    by = who("actor", _("actor"))
    approved_by = who("second_actor", _("approved by"))

    @display(description=_("amounts"))
    def amounts_yuan(self, entry: AccountEntry) -> str:
        return ", ".join(
            f"{name} {format_yuan(fen) if isinstance(fen, int) else in_words(fen)}"
            for name, fen in entry.amounts.items()
        )


class PlaceInline(SettlementInline):
    fk_name = "account"
    fields = readonly_fields = ("sequence", "bill", *SettlementInline.fields)
    ordering = ("sequence", "version")


@admin.register(BenefitYearAccount)
class AccountAdmin(PersonRecords):
    person_path, list_name = ("person",), "accounts"
    view_act = "account.view"
    list_display = ("person_cell", "benefit_year", "scheme", "region", "bills", "office")
    list_filter = ("benefit_year", "office")
    list_select_related = ("person", "office")
    ordering = ("-id",)
    fields = readonly_fields = ("person", "scheme", "region", "benefit_year", "bills")
    inlines = (EntryInline, PlaceInline)

    @display(description=_("person"), header=True)
    def person_cell(self, account: BenefitYearAccount) -> list[str]:
        return person_lines(account.person)

    @display(description=_("places taken"))
    def bills(self, account: BenefitYearAccount) -> int:
        return account.next_sequence - 1
