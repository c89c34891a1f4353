"""Bills that wait for a fact (挂起), with numbered reasons."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models.bill import Bill, BillVersion
from claims.models.columns import actor_column
from config.offices.models import ScopedModel


class HoldKind(models.TextChoices):
    """What happened to a bill that has no settlement."""

    HELD = "held", _("Held")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class BillHold(ScopedModel):
    """A bill was held, or withdrawn while held. Insert-only; the last row tells the state."""

    bill = models.ForeignKey(
        Bill, verbose_name=_("bill"), on_delete=models.PROTECT, related_name="holds"
    )
    bill_version = models.ForeignKey(
        BillVersion,
        verbose_name=_("bill version"),
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    kind = models.CharField(_("kind"), max_length=10, choices=HoldKind)
    reasons = ArrayField(models.CharField(max_length=8), verbose_name=_("reasons"), default=list)
    reason = models.CharField(_("in words"), max_length=200, blank=True, default="")
    actor = actor_column()
    request_key = models.CharField(_("request key"), max_length=80)
    at = models.DateTimeField(_("at"))

    class Meta(ScopedModel.Meta):
        verbose_name = _("bill hold")
        verbose_name_plural = _("bill holds")

    def __str__(self) -> str:
        """Name bill and reasons."""
        return f"{self.bill}: {', '.join(self.reasons)}"
