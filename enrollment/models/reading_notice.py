"""A notice to the supervisor that an account read more people than a desk needs to."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.offices.models import ScopedModel


class ReadingKind(models.TextChoices):
    """What is counted by the hour."""

    OPENED = "opened", _("people opened")
    REVEALED = "revealed", _("full numbers shown")


class RevealPurpose(models.TextChoices):
    """Why a full ID number is shown."""

    CARD_CHECK = "card_check", _("Compare with the card at the counter")
    RECORD_CHECK = "record_check", _("Correct what is recorded")
    OTHER_BUREAU = "other_bureau", _("Answer another authority in writing")
    PAYMENT = "payment", _("Pay out to the right person")
    OTHER = "other", _("Other, as stated in the reason")


class ReadingNotice(ScopedModel):
    """One account went past one limit in one hour; a supervisor writes what came of it."""

    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    kind = models.CharField(_("kind"), max_length=8, choices=ReadingKind)
    hour_at = models.DateTimeField(_("hour"))
    limit = models.PositiveIntegerField(_("limit"))
    at = models.DateTimeField(_("at"))
    answer = models.CharField(_("what came of it"), max_length=200, blank=True, default="")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("notice about much reading")
        verbose_name_plural = _("notices about much reading")
        constraints = [
            models.UniqueConstraint(
                fields=["office", "reader", "kind", "hour_at"], name="reading_notice_once_an_hour"
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("reader")),
                name="reading_notice_answered_by_another",
            ),
        ]

    def __str__(self) -> str:
        """Name the account and what was counted."""
        return f"{self.reader} · {self.get_kind_display()}"
