"""Release (复核放行): only a released version may be paid."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.models.columns import actor_column
from claims.models.settlement import Settlement
from config.offices.models import ScopedModel


class ReleaseKind(models.TextChoices):
    """Why a version may be paid."""

    LINE = "line", _("Below the line of the office")
    PERSON = "person", _("Released by a second person")


class SettlementRelease(ScopedModel):
    """One version was released. Insert-only; maker and releaser differ, by constraint."""

    settlement = models.OneToOneField(
        Settlement,
        verbose_name=_("settlement"),
        on_delete=models.PROTECT,
        related_name="release_row",
    )
    kind = models.CharField(_("kind"), max_length=6, choices=ReleaseKind)
    maker = actor_column(_("confirmed by"))
    actor = actor_column(_("released by"))
    request_key = models.CharField(_("request key"), max_length=80)
    at = models.DateTimeField(_("at"))

    class Meta(ScopedModel.Meta):
        verbose_name = _("release of a settlement")
        verbose_name_plural = _("releases of settlements")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="line") | ~Q(actor=F("maker")),
                name="settlement_released_by_another",
            ),
        ]

    def __str__(self) -> str:
        """Name what was released."""
        return str(self.settlement)
