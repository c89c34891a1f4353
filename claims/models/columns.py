"""Columns that many tables share: money in fen, acts with actor and instant."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def fen_column(label: str) -> models.BigIntegerField:
    """Return a column of whole fen (分), zero unless stated."""
    return models.BigIntegerField(label, default=0)


def fen_not_negative(name: str, *columns: str) -> models.CheckConstraint:
    """Return the constraint that none of these columns is below zero."""
    condition = Q()
    for column in columns:
        condition &= Q(**{f"{column}__gte": 0})
    return models.CheckConstraint(condition=condition, name=name)


def actor_column(label: str = _("actor"), **options) -> models.ForeignKey:
    """Return the person who did it; no look-up from the user, no cascade.

    Empty where a machine acts for a facility: then the audit event names the interface.
    """
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        **options,
    )
