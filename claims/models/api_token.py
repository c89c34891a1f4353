"""Tokens of the machine interface (接口令牌): one facility at one office, and how much it asks."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from claims.models.columns import actor_column
from claims.models.facility import Facility
from config.offices.models import ScopedModel


class ApiToken(ScopedModel):
    """What a facility's system signs its requests with.

    The text is shown once, when it is made; the row keeps its digest. A token acts for its
    facility at its office and for nobody else: bills settled through it have no person as actor,
    their audit events name the token.
    """

    public_id = models.UUIDField(_("public id"), default=uuid.uuid4, editable=False, unique=True)
    facility = models.ForeignKey(
        Facility, verbose_name=_("facility"), on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(
        _("name"), max_length=60, help_text=_("Which system of the facility holds it.")
    )
    prefix = models.CharField(_("beginning"), max_length=8, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    through_on = models.DateField(_("last day"), null=True, blank=True)
    created_by = actor_column(_("made by"))
    created_at = models.DateTimeField(_("made at"), db_default=Now(), editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True, editable=False)

    class Meta(ScopedModel.Meta):
        verbose_name = _("interface token")
        verbose_name_plural = _("interface tokens")
        constraints = [
            models.CheckConstraint(condition=~Q(digest=""), name="api_token_has_a_digest"),
        ]

    def __str__(self) -> str:
        """Name the system and the beginning of the secret."""
        return f"{self.name} ({self.prefix}…)"

    @property
    def agent(self) -> str:
        """The name under which audit events know it."""
        return f"facility:{self.facility.code}:{self.prefix}"


class ApiUseKind(models.TextChoices):
    """What is counted."""

    COVERAGE = "coverage", _("Coverage asked for")
    PERSON = "person", _("Person looked up for a bill")


class ApiUse(ScopedModel):
    """How often a facility looked people up in the running hour; one row, written over."""

    facility = models.ForeignKey(
        Facility, verbose_name=_("facility"), on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=ApiUseKind)
    hour_at = models.DateTimeField(_("hour"))
    use_count = models.PositiveIntegerField(_("count"), default=0)

    class Meta(ScopedModel.Meta):
        verbose_name = _("use of the interface")
        verbose_name_plural = _("uses of the interface")
        constraints = [
            models.UniqueConstraint(fields=["office", "facility", "kind"], name="api_use_once"),
        ]

    def __str__(self) -> str:
        """Name facility and kind."""
        return f"{self.facility} {self.get_kind_display()}"
