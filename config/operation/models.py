"""Which copy of the database was confirmed to be the one people work with."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class CopyConfirmation(models.Model):
    """One confirmation of one copy: by the first installation, or by a person after a restore.

    A copy is named by what PostgreSQL itself keeps outside every table: the identifier of the
    cluster and the timeline of its log of changes. A restore to an instant begins a new
    timeline, a load into another cluster meets another identifier, so a restored copy carries
    the confirmations of the copy before, never its own.
    """

    class Kind(models.TextChoices):
        INSTALLED = "installed", _("Installed")
        PERSON = "person", _("Confirmed by a person")

    cluster = models.BigIntegerField()
    timeline = models.BigIntegerField()
    kind = models.CharField(max_length=16, choices=Kind)
    actor = models.ForeignKey(
        "offices.User", on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    reason = models.TextField(blank=True)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("Confirmation of a copy")
        verbose_name_plural = _("Confirmations of copies")
        constraints = (
            models.UniqueConstraint(
                fields=("cluster", "timeline", "actor"),
                name="copy_is_confirmed_once_by_each_person",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(kind="installed", actor=None)
                | models.Q(kind="person", actor__isnull=False),
                name="copy_confirmation_names_its_person",
            ),
        )

    def __str__(self) -> str:
        return f"{self.cluster}/{self.timeline}"
