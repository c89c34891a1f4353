"""What became of each backup and each test of a restore; insert-only."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class BackupRun(models.Model):
    """One backup, or one restore into a scratch cluster, and how it ended.

    A failure that cannot reach the database leaves no row: then the age of the last good one
    is what raises the alarm.
    """

    class Kind(models.TextChoices):
        BACKUP = "backup", _("Backup")
        RESTORE_TEST = "restore_test", _("Restore test")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    label = models.CharField(_("label"), max_length=64, blank=True)
    is_done = models.BooleanField(_("succeeded"))
    code = models.CharField(_("reason"), max_length=64, blank=True)
    started_at = models.DateTimeField(_("started at"))
    ended_at = models.DateTimeField(_("ended at"), db_default=Now(), editable=False)
    plain_bytes = models.BigIntegerField(_("bytes"), default=0)

    class Meta:
        verbose_name = _("Backup run")
        verbose_name_plural = _("Backup runs")
        ordering = ("-id",)
        indexes = (models.Index(fields=("kind", "ended_at"), name="backup_run_kind_ended"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.label}"
