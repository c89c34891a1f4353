"""Contracted facilities (定点医疗机构) and their levels, with dates."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

LEVELS = [
    (0, _("Below level one, or township")),
    (1, _("Level one")),
    (2, _("Level two")),
    (3, _("Level three")),
]


class Facility(models.Model):
    """A facility under its national code; shared by the whole pool, so not scoped."""

    code = models.CharField(
        _("national code"),
        max_length=12,
        unique=True,
        validators=[RegexValidator(r"^H[0-9]{11}$", _("H and eleven digits."))],
    )
    name = models.CharField(_("name"), max_length=120)
    region_code = models.CharField(_("division code"), max_length=6)
    is_local = models.BooleanField(_("in the area"), default=True)
    created_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("facility")
        verbose_name_plural = _("facilities")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^H[0-9]{11}$"), name="facility_code_is_national"
            ),
        ]

    def __str__(self) -> str:
        """Name the facility."""
        return self.name


class FacilityLevel(models.Model):
    """Days on which a facility held a level, both ends inclusive."""

    facility = models.ForeignKey(
        Facility, verbose_name=_("facility"), on_delete=models.PROTECT, related_name="levels"
    )
    level = models.PositiveSmallIntegerField(_("level"), choices=LEVELS)
    from_on = models.DateField(_("from"))
    through_on = models.DateField(_("through"), null=True, blank=True)

    class Meta:
        verbose_name = _("facility level")
        verbose_name_plural = _("facility levels")
        constraints = [
            models.CheckConstraint(
                condition=Q(level__gte=0, level__lte=3), name="facility_level_is_known"
            ),
            models.CheckConstraint(
                condition=Q(through_on__isnull=True) | Q(through_on__gte=F("from_on")),
                name="facility_level_ends_after_it_begins",
            ),
            ExclusionConstraint(
                name="facility_level_overlaps_no_other",
                expressions=[
                    ("facility", RangeOperators.EQUAL),
                    (
                        Func(F("from_on"), F("through_on"), Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        """Name the level and its days."""
        return f"{self.get_level_display()} {self.from_on} – {self.through_on or ''}"
