"""The account of one person and benefit year: the lock, the order, the entries beside bills."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.models.columns import actor_column
from config.offices.models import ScopedModel
from enrollment.models import Person


class BenefitYearAccount(ScopedModel):
    """Person, scheme, region and benefit year (待遇年度): what accumulates, accumulates here.

    The row holds no sum. It is the lock every settlement takes and the counter of the order;
    sums are the fold of current versions and entries. Benefit year 0 is the account of the
    old outpatient balance, which has no year.
    """

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="accounts"
    )
    scheme = models.CharField(_("scheme"), max_length=16, default="resident")
    region = models.CharField(_("region"), max_length=40)
    benefit_year = models.PositiveSmallIntegerField(_("benefit year"))
    next_sequence = models.PositiveIntegerField(_("next place"), default=1)
    # The person moved: the account goes on at the other office from an opening balance.
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)

    class Meta(ScopedModel.Meta):
        verbose_name = _("benefit year account")
        verbose_name_plural = _("benefit year accounts")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "scheme", "region", "benefit_year"],
                name="account_once_per_person_and_year",
            ),
            models.CheckConstraint(
                condition=Q(next_sequence__gte=1), name="account_order_starts_at_one"
            ),
        ]

    def __str__(self) -> str:
        """Name the person and the year."""
        return f"{self.person} {self.benefit_year}"


class EntryKind(models.TextChoices):
    """Why an entry moves accumulators without a bill."""

    OPENING = "opening", _("Opening balance")
    GRANT = "grant", _("Grant")
    CORRECTION = "correction", _("Correction")


class AccountEntry(ScopedModel):
    """A signed movement of accumulators by id, beside the bills. Insert-only."""

    account = models.ForeignKey(
        BenefitYearAccount,
        verbose_name=_("account"),
        on_delete=models.PROTECT,
        related_name="entries",
    )
    kind = models.CharField(_("kind"), max_length=10, choices=EntryKind)
    amounts = models.JSONField(_("amounts by accumulator, in fen"))
    reason_code = models.CharField(_("reason code"), max_length=60)
    document = models.CharField(_("document"), max_length=120, blank=True, default="")
    corrects = models.ForeignKey(
        "self",
        verbose_name=_("corrects"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
    )
    actor = actor_column()
    second_actor = actor_column(_("approved by"))
    request_key = models.CharField(_("request key"), max_length=80)
    at = models.DateTimeField(_("at"))

    class Meta(ScopedModel.Meta):
        verbose_name = _("account entry")
        verbose_name_plural = _("account entries")
        constraints = [
            models.CheckConstraint(
                condition=Q(second_actor__isnull=True) | ~Q(second_actor=F("actor")),
                name="account_entry_approved_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(kind="opening") | Q(second_actor__isnull=False),
                name="account_opening_has_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(kind="correction") | Q(corrects__isnull=False),
                name="account_correction_names_what_it_corrects",
            ),
        ]

    def __str__(self) -> str:
        """Name the kind and its number."""
        return f"{self.get_kind_display()} {self.pk}"


class AccountingMonth(models.Model):
    """A month of the books of the pool. The last one opened is the one everything posts into."""

    month_on = models.DateField(_("first day of the month"), unique=True)
    opened_by = actor_column(_("opened by"))
    opened_at = models.DateTimeField(_("opened at"))

    class Meta:
        verbose_name = _("accounting month")
        verbose_name_plural = _("accounting months")
        constraints = [
            models.CheckConstraint(
                condition=Q(month_on__day=1), name="accounting_month_is_a_first_day"
            ),
        ]

    def __str__(self) -> str:
        """Show year and month."""
        return f"{self.month_on:%Y-%m}"
