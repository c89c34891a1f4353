"""Bills (费用单据): the paper, its figures as versions, its lines. All insert-only."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.models.columns import actor_column, fen_column, fen_not_negative
from claims.models.facility import Facility
from claims.models.vocabulary import BillKind, CareType, OffArea, Origin, Payee, ThirdParty
from config.offices.models import ScopedModel
from enrollment.models import Person


class BillCounter(ScopedModel):
    """The next bill number of an office in a calendar year; locked while one is taken."""

    year = models.PositiveSmallIntegerField(_("year"))
    next_number = models.PositiveIntegerField(_("next number"), default=1)

    class Meta(ScopedModel.Meta):
        verbose_name = _("bill counter")
        verbose_name_plural = _("bill counters")
        constraints = [
            models.UniqueConstraint(fields=["office", "year"], name="bill_counter_once_per_year"),
        ]

    def __str__(self) -> str:
        """Show year and number."""
        return f"{self.year} {self.next_number}"


class Bill(ScopedModel):
    """One invoice of one person. What can be corrected stands in its versions.

    The invoice is unique in the whole pool; `issue` counts how often it was entered, the
    ones before having been reversed or withdrawn.
    """

    public_id = models.UUIDField(_("public id"), default=uuid.uuid4, editable=False, unique=True)
    number = models.CharField(_("number"), max_length=20)
    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="bills"
    )
    origin = models.CharField(_("origin"), max_length=10, choices=Origin)
    invoice_code = models.CharField(_("invoice code"), max_length=20)
    invoice_number = models.CharField(_("invoice number"), max_length=20)
    issue = models.PositiveSmallIntegerField(_("issue"), default=1)
    created_by = actor_column(_("entered by"))
    created_at = models.DateTimeField(_("entered at"))

    class Meta(ScopedModel.Meta):
        verbose_name = _("bill")
        verbose_name_plural = _("bills")
        constraints = [
            models.UniqueConstraint(
                fields=["office", "number"], name="bill_number_once_per_office"
            ),
            models.UniqueConstraint(
                fields=["invoice_code", "invoice_number", "issue"],
                name="bill_invoice_once_in_the_pool",
            ),
            models.CheckConstraint(condition=Q(issue__gte=1), name="bill_issue_starts_at_one"),
        ]

    def __str__(self) -> str:
        """Show the number."""
        return self.number


class BillVersion(ScopedModel):
    """The figures and facts of a bill as entered at one time."""

    bill = models.ForeignKey(
        Bill, verbose_name=_("bill"), on_delete=models.PROTECT, related_name="versions"
    )
    version = models.PositiveSmallIntegerField(_("version"))
    supersedes = models.OneToOneField(
        "self",
        verbose_name=_("supersedes"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
    )
    kind = models.CharField(_("kind"), max_length=8, choices=BillKind)
    payee = models.CharField(_("payee"), max_length=10, choices=Payee)
    care_type = models.CharField(_("care type"), max_length=20, choices=CareType)
    facility = models.ForeignKey(
        Facility, verbose_name=_("facility"), on_delete=models.PROTECT, related_name="+"
    )
    off_area = models.CharField(
        _("off-area state"), max_length=24, choices=OffArea, default=OffArea.NONE
    )
    referred = models.BooleanField(_("referred"), default=False)
    disease = models.CharField(_("disease"), max_length=60, default="none")
    admitted_on = models.DateField(_("admitted on"))
    discharged_on = models.DateField(_("discharged on"))
    third_party = models.CharField(
        _("third party"), max_length=8, choices=ThirdParty, default=ThirdParty.NONE
    )
    received_on = models.DateField(_("received on"), null=True, blank=True)
    total_fen = fen_column(_("total"))
    fully_self_paid_fen = fen_column(_("fully self-paid"))  # 全自费
    over_limit_price_fen = fen_column(_("over the price limit"))  # 超限价
    self_pay_first_fen = fen_column(_("self-pay first"))  # 先行自付
    other_aid_fen = fen_column(_("other aid"))
    other_aid_payer = models.CharField(
        _("payer of other aid"), max_length=80, blank=True, default=""
    )
    hospital_part_fen = fen_column(_("part of the hospital"))
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    actor = actor_column()
    request_key = models.CharField(_("request key"), max_length=80)
    at = models.DateTimeField(_("at"))

    class Meta(ScopedModel.Meta):
        verbose_name = _("bill version")
        verbose_name_plural = _("bill versions")
        constraints = [
            models.UniqueConstraint(fields=["bill", "version"], name="bill_version_once"),
            models.CheckConstraint(
                condition=Q(version=1, supersedes__isnull=True)
                | Q(version__gt=1, supersedes__isnull=False),
                name="bill_version_supersedes_the_one_before",
            ),
            fen_not_negative(
                "bill_parts_not_negative",
                "total_fen",
                "fully_self_paid_fen",
                "over_limit_price_fen",
                "self_pay_first_fen",
                "other_aid_fen",
                "hospital_part_fen",
            ),
            models.CheckConstraint(
                condition=Q(
                    total_fen__gte=F("fully_self_paid_fen")
                    + F("over_limit_price_fen")
                    + F("self_pay_first_fen")
                ),
                name="bill_parts_within_total",
            ),
            models.CheckConstraint(
                condition=Q(discharged_on__gte=F("admitted_on")),
                name="bill_discharge_after_admission",
            ),
        ]

    def __str__(self) -> str:
        """Show number and version."""
        return f"{self.bill} / {self.version}"

    @property
    def in_scope_fen(self) -> int:
        """What is left inside the policy's scope (政策范围内)."""
        return (
            self.total_fen
            - self.fully_self_paid_fen
            - self.over_limit_price_fen
            - self.self_pay_first_fen
        )


class ItemClass(models.TextChoices):
    """Class of an item in the catalogues (甲乙丙类)."""

    A = "A", _("Class A")
    B = "B", _("Class B")
    C = "C", _("Class C")


class BillItem(ScopedModel):
    """One line of the worksheet; the lines of a version add up to its parts."""

    bill_version = models.ForeignKey(
        BillVersion, verbose_name=_("bill version"), on_delete=models.PROTECT, related_name="items"
    )
    line = models.PositiveIntegerField(_("line"))
    item_name = models.CharField(_("item"), max_length=120)
    item_class = models.CharField(_("class"), max_length=1, choices=ItemClass)
    amount_fen = fen_column(_("amount"))
    fully_self_paid_fen = fen_column(_("fully self-paid"))
    over_limit_price_fen = fen_column(_("over the price limit"))
    self_pay_first_fen = fen_column(_("self-pay first"))

    class Meta(ScopedModel.Meta):
        verbose_name = _("bill item")
        verbose_name_plural = _("bill items")
        constraints = [
            models.UniqueConstraint(fields=["bill_version", "line"], name="bill_item_line_once"),
            fen_not_negative(
                "bill_item_parts_not_negative",
                "amount_fen",
                "fully_self_paid_fen",
                "over_limit_price_fen",
                "self_pay_first_fen",
            ),
            models.CheckConstraint(
                condition=Q(
                    amount_fen__gte=F("fully_self_paid_fen")
                    + F("over_limit_price_fen")
                    + F("self_pay_first_fen")
                ),
                name="bill_item_parts_within_amount",
            ),
            models.CheckConstraint(
                condition=~Q(item_class="C") | Q(fully_self_paid_fen=F("amount_fen")),
                name="bill_item_of_class_c_is_self_paid",
            ),
            models.CheckConstraint(
                condition=~Q(item_class="A") | Q(self_pay_first_fen=0),
                name="bill_item_of_class_a_has_no_self_pay_first",
            ),
        ]

    def __str__(self) -> str:
        """Show line and item."""
        return f"{self.line}. {self.item_name}"
