"""Disease certifications (门诊慢特病认定): which disease, on which days."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.offices.models import ScopedModel
from enrollment.models.category import days_of
from enrollment.models.history import tracked
from enrollment.models.person import Person


@tracked()
class DiseaseCertification(ScopedModel):
    """Days on which a person is certified for a disease of the region's list."""

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="certifications"
    )
    disease = models.CharField(_("disease"), max_length=60)
    from_on = models.DateField(_("from"))
    through_on = models.DateField(_("through"), null=True, blank=True)
    document = models.CharField(_("document"), max_length=120, blank=True, default="")
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("disease certification")
        verbose_name_plural = _("disease certifications")
        constraints = [
            models.CheckConstraint(
                condition=Q(through_on__isnull=True) | Q(through_on__gte=F("from_on")),
                name="certification_ends_after_it_begins",
            ),
            ExclusionConstraint(
                name="certification_overlaps_no_other",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("disease", RangeOperators.EQUAL),
                    (days_of(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        """Name the disease and its days."""
        return f"{self.disease} {self.from_on} – {self.through_on or ''}"
