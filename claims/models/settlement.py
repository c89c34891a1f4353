"""Settlement versions (结算): who pays what for one bill. Insert-only, for ever."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.models.account import BenefitYearAccount
from claims.models.bill import Bill, BillVersion
from claims.models.columns import actor_column, fen_column, fen_not_negative
from claims.models.vocabulary import Origin, Payee
from config.offices.models import ScopedModel
from config.policy.models import PolicyRelease

SCOPE_PARTS = ("fully_self_paid_fen", "over_limit_price_fen", "self_pay_first_fen", "in_scope_fen")
FUND_PARTS = ("basic_fen", "catastrophic_fen", "assistance_fen", "supplementary_fen")
PAYER_PARTS = (*FUND_PARTS, "other_aid_fen", "hospital_part_fen", "own_share_fen")
OWN_PARTS = ("own_within_fen", "own_outside_fen", "account_paid_fen", "cash_fen")
MONEY_COLUMNS = ("total_fen", *SCOPE_PARTS, *PAYER_PARTS, *OWN_PARTS)


class Outcome(models.TextChoices):
    """What a version says."""

    PAID = "paid", _("Settled")
    REFUSED = "refused", _("Refused")
    REVERSED = "reversed", _("Reversed")


class Act(models.TextChoices):
    """Which act wrote a version."""

    CONFIRM = "confirm", _("Confirmed")
    REVERSE = "reverse", _("Reversed")
    CORRECT = "correct", _("Corrected")
    RESETTLE = "resettle", _("Settled again after an earlier bill changed")


def _sum_of(*columns: str):
    total = F(columns[0])
    for column in columns[1:]:
        total = total + F(column)
    return total


class Settlement(ScopedModel):
    """One version of the settlement of one bill: its own ledger entry.

    The current version of a bill is the one that nothing supersedes. All versions keep the
    place (`sequence`) of the bill in the account. `opening` and `closing` hold the
    accumulators before and after by id, zeros left out; `trace_fen` the intermediate columns
    of the kernel in their order; with the facts beside them a version can be computed again without
    asking any table that may have changed since. References other than the bill carry no
    database constraint: each would cost seconds per million rows.
    """

    public_id = models.UUIDField(_("public id"), default=uuid.uuid4, editable=False, unique=True)
    bill = models.ForeignKey(
        Bill, verbose_name=_("bill"), on_delete=models.PROTECT, related_name="settlements"
    )
    version = models.PositiveSmallIntegerField(_("version"))
    supersedes = models.OneToOneField(
        "self",
        verbose_name=_("supersedes"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
        db_constraint=False,
    )
    bill_version = models.ForeignKey(
        BillVersion,
        verbose_name=_("bill version"),
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    account = models.ForeignKey(
        BenefitYearAccount,
        verbose_name=_("account"),
        on_delete=models.PROTECT,
        related_name="settlements",
        db_constraint=False,
        db_index=False,
    )
    sequence = models.PositiveIntegerField(_("place in the account"))
    benefit_year = models.PositiveSmallIntegerField(_("benefit year"))
    region = models.CharField(_("region"), max_length=40)
    scheme = models.CharField(_("scheme"), max_length=16)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin)
    act = models.CharField(_("act"), max_length=10, choices=Act)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    reason_code = models.CharField(_("reason number"), max_length=8, blank=True, default="")
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    release = models.ForeignKey(
        PolicyRelease,
        verbose_name=_("policy release"),
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )

    # Facts as they were decided; a later version of the same bill keeps them.
    category_basic = models.CharField(_("category for basic"), max_length=24)
    category_catastrophic = models.CharField(_("category for catastrophic"), max_length=24)
    category_assistance = models.CharField(_("category for assistance"), max_length=24)
    category_supplementary = models.CharField(_("category for supplementary"), max_length=24)
    grade = models.CharField(_("grade"), max_length=24)
    level = models.PositiveSmallIntegerField(_("level of the facility"))
    age_group = models.CharField(_("age group"), max_length=24)
    cover = models.CharField(_("cover"), max_length=12)
    is_certified = models.BooleanField(_("certified for the disease"))

    total_fen = fen_column(_("total"))
    fully_self_paid_fen = fen_column(_("fully self-paid"))
    over_limit_price_fen = fen_column(_("over the price limit"))
    self_pay_first_fen = fen_column(_("self-pay first"))
    in_scope_fen = fen_column(_("in scope"))
    basic_fen = fen_column(_("basic"))
    catastrophic_fen = fen_column(_("catastrophic"))
    assistance_fen = fen_column(_("assistance"))
    supplementary_fen = fen_column(_("supplementary assistance"))
    other_aid_fen = fen_column(_("other aid"))
    hospital_part_fen = fen_column(_("part of the hospital"))
    own_share_fen = fen_column(_("own share"))
    own_within_fen = fen_column(_("own share within scope"))
    own_outside_fen = fen_column(_("own share outside scope"))
    account_paid_fen = fen_column(_("paid from own account"))
    cash_fen = fen_column(_("cash"))
    trace_fen = ArrayField(models.BigIntegerField(), verbose_name=_("trace"), default=list)
    opening = models.JSONField(_("accumulators before"), default=dict)
    closing = models.JSONField(_("accumulators after"), default=dict)
    entries_through = models.BigIntegerField(_("last entry counted"), default=0)

    payee = models.CharField(_("payee"), max_length=10, choices=Payee)
    accounting_month_on = models.DateField(_("accounting month"))
    actor = actor_column(db_constraint=False, db_index=False)
    request_key = models.CharField(_("request key"), max_length=80)
    preview_digest = models.CharField(_("preview digest"), max_length=64, blank=True, default="")
    row_digest = models.CharField(_("row digest"), max_length=64)
    at = models.DateTimeField(_("at"))

    class Meta(ScopedModel.Meta):
        verbose_name = _("settlement")
        verbose_name_plural = _("settlements")
        constraints = [
            models.UniqueConstraint(fields=["bill", "version"], name="settlement_version_once"),
            models.UniqueConstraint(
                fields=["account", "sequence", "version"], name="settlement_place_once"
            ),
            models.CheckConstraint(
                condition=Q(version=1, supersedes__isnull=True)
                | Q(version__gt=1, supersedes__isnull=False),
                name="settlement_supersedes_the_one_before",
            ),
            fen_not_negative("settlement_parts_not_negative", *MONEY_COLUMNS),
            models.CheckConstraint(
                condition=Q(total_fen=_sum_of(*SCOPE_PARTS)), name="settlement_balances_by_scope"
            ),
            models.CheckConstraint(
                condition=Q(total_fen=_sum_of(*PAYER_PARTS)), name="settlement_balances_by_payer"
            ),
            models.CheckConstraint(
                condition=Q(own_share_fen=F("own_within_fen") + F("own_outside_fen")),
                name="settlement_own_share_splits_by_scope",
            ),
            models.CheckConstraint(
                condition=Q(own_share_fen=F("account_paid_fen") + F("cash_fen")),
                name="settlement_own_share_splits_by_purse",
            ),
            models.CheckConstraint(
                condition=Q(basic_fen__lte=F("in_scope_fen")),
                name="settlement_basic_within_scope",
            ),
            models.CheckConstraint(
                condition=Q(in_scope_fen__gte=_sum_of(*FUND_PARTS) - F("self_pay_first_fen")),
                name="settlement_funds_within_scope",
            ),
            models.CheckConstraint(
                condition=Q(outcome="paid") | Q(**dict.fromkeys(FUND_PARTS, 0)),
                name="settlement_pays_only_where_settled",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="reversed") | Q(total_fen=0),
                name="settlement_reversed_is_zero",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="refused") | ~Q(reason_code=""),
                name="settlement_refused_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["office", "at"], name="settlement_by_office_and_time"),
            models.Index(fields=["actor", "at"], name="settlement_by_actor_and_time"),
        ]

    def __str__(self) -> str:
        """Show number and version."""
        return f"{self.bill} / {self.version}"

    def is_made_by(self, user_id: int | None) -> bool:
        """Tell whether somebody wrote this version, or entered the figures it settles.

        An earlier bill may make another person's act settle the figures again; who entered them
        is still no second person for them.
        """
        return user_id is not None and user_id in {self.actor_id, self.bill_version.actor_id}

    @property
    def fund_fen(self) -> int:
        """What the funds pay together."""
        return self.basic_fen + self.catastrophic_fen + self.assistance_fen + self.supplementary_fen
