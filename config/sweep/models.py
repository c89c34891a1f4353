"""What each sweep of the ledger found. Insert-only."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.offices.models import ScopedModel


class SweepRun(ScopedModel):
    """One sweep over one instant of the database, by the pool for all offices."""

    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"))
    findings = models.PositiveBigIntegerField(_("findings"))
    failures = models.PositiveIntegerField(_("invariants that could not be checked"))
    is_complete = models.BooleanField(_("every invariant was checked"))

    class Meta(ScopedModel.Meta):
        verbose_name = _("sweep of the ledger")
        verbose_name_plural = _("sweeps of the ledger")
        ordering = ("-id",)

    def __str__(self) -> str:
        """Show when it was."""
        return f"{self.finished_at:%Y-%m-%d %H:%M}"

    @property
    def is_clean(self) -> bool:
        """Nothing was found, and nothing was left unchecked."""
        return not self.findings and not self.failures


class SweepResult(ScopedModel):
    """What one sweep found for one invariant."""

    run = models.ForeignKey(
        SweepRun, verbose_name=_("sweep"), on_delete=models.PROTECT, related_name="results"
    )
    code = models.CharField(_("invariant"), max_length=8)
    rows_read = models.PositiveBigIntegerField(_("rows read"))
    findings = models.PositiveBigIntegerField(_("findings"))
    milliseconds = models.PositiveIntegerField(_("milliseconds"))
    first_findings = models.JSONField(_("first findings"), default=list)
    failure = models.CharField(_("why it could not be checked"), max_length=120, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("result of a sweep")
        verbose_name_plural = _("results of sweeps")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("run", "code"), name="sweep_checks_an_invariant_once"),
        )

    def __str__(self) -> str:
        """Name the invariant."""
        return self.code
