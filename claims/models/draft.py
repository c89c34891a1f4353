"""Half-entered bills of a clerk; they survive a log-out and mean no money."""

import json
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models.columns import actor_column
from config.identity.fields import EncryptedText
from config.offices.models import ScopedModel
from enrollment.models import Person


class SettlementDraft(ScopedModel):
    """The fields of the desk as they stood when the clerk left."""

    user = actor_column(_("clerk"))
    person = models.ForeignKey(
        Person,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    # Whatever was typed, in whichever field: people type numbers into the wrong one.
    sealed_payload = EncryptedText(_("fields"), purpose="settlement_draft", default="")
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("settlement draft")
        verbose_name_plural = _("settlement drafts")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "person"],
                name="draft_once_per_clerk_and_person",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        """Name the person, if one was chosen."""
        return str(self.person or "")

    @property
    def payload(self) -> dict[str, Any]:
        """What was typed, by field; only its clerk is given the row."""
        return json.loads(self.sealed_payload.plain() or "{}")
