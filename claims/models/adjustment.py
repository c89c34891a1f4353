"""Adjustments (补退差额): what a new version pays more or less than the one before."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models.columns import actor_column
from claims.models.settlement import Act, Settlement
from claims.models.vocabulary import Payee
from config.offices.models import ScopedModel


class Payer(models.TextChoices):
    """Whose money it is (the tier that pays)."""

    BASIC = "basic", _("Basic insurance fund")
    CATASTROPHIC = "catastrophic", _("Catastrophic insurance")
    ASSISTANCE = "assistance", _("Assistance fund")
    SUPPLEMENTARY = "supplementary", _("Supplementary assistance")


class Adjustment(ScopedModel):
    """One leg of the difference of two versions. Insert-only, never zero."""

    from_settlement = models.ForeignKey(
        Settlement,
        verbose_name=_("from"),
        on_delete=models.PROTECT,
        related_name="adjustments_from",
        db_constraint=False,
        db_index=False,
    )
    to_settlement = models.ForeignKey(
        Settlement,
        verbose_name=_("to"),
        on_delete=models.PROTECT,
        related_name="adjustments",
        db_constraint=False,
        db_index=False,
    )
    payer = models.CharField(_("payer"), max_length=14, choices=Payer)
    counterparty = models.CharField(_("counterparty"), max_length=10, choices=Payee)
    amount_fen = models.BigIntegerField(_("amount"))
    cause = models.CharField(_("cause"), max_length=10, choices=Act)
    actor = actor_column(db_constraint=False, db_index=False)
    request_key = models.CharField(_("request key"), max_length=80)
    at = models.DateTimeField(_("at"))

    class Meta(ScopedModel.Meta):
        verbose_name = _("adjustment")
        verbose_name_plural = _("adjustments")
        constraints = [
            models.UniqueConstraint(
                fields=["to_settlement", "payer", "counterparty"], name="adjustment_leg_once"
            ),
            models.CheckConstraint(condition=~Q(amount_fen=0), name="adjustment_is_not_zero"),
        ]

    def __str__(self) -> str:
        """Name payer and version."""
        return f"{self.to_settlement} {self.get_payer_display()}"
