"""Cover (待遇享受期): whether, in which grade and why a person is covered on a day."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.offices.models import ScopedModel
from enrollment.models.category import days_of
from enrollment.models.history import tracked
from enrollment.models.person import Person


class CoverageStatus(models.TextChoices):
    """What a day of a coverage spell means for a bill."""

    COVERED = "covered", _("Covered")
    WAITING = "waiting", _("Waiting period")  # 等待期
    NOT_COVERED = "not_covered", _("Not covered")
    DUPLICATE = "duplicate", _("Covered, but a duplicate is open")  # 重复参保待核


@tracked()
class CoverageSpell(ScopedModel):
    """Days with one status and one grade in one scheme, both ends inclusive."""

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="coverage_spells"
    )
    scheme = models.CharField(_("scheme"), max_length=16, default="resident")
    status = models.CharField(_("status"), max_length=12, choices=CoverageStatus)
    grade = models.CharField(_("grade"), max_length=24, default="none")
    from_on = models.DateField(_("from"))
    through_on = models.DateField(_("through"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    clause = models.CharField(_("clause"), max_length=120, blank=True, default="")
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("coverage spell")
        verbose_name_plural = _("coverage spells")
        constraints = [
            models.CheckConstraint(
                condition=Q(through_on__isnull=True) | Q(through_on__gte=F("from_on")),
                name="coverage_spell_ends_after_it_begins",
            ),
            ExclusionConstraint(
                name="coverage_spell_overlaps_no_other",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("scheme", RangeOperators.EQUAL),
                    (days_of(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        """Name the status and its days."""
        return f"{self.get_status_display()} {self.from_on} – {self.through_on or ''}"
