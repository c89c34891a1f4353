"""Recognised categories of people (人员类别), with dates and the deciding department."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from config.offices.models import ScopedModel
from enrollment.models.history import tracked
from enrollment.models.person import Person


class Category(models.TextChoices):
    """The recognised categories, as the national notices name them."""

    EXTREME_POVERTY = "extreme_poverty", _("Extreme poverty")  # 特困人员
    MINIMUM_LIVING = "minimum_living", _("Minimum living allowance")  # 低保对象
    NEAR_POOR = "near_poor", _("Near-poor household")  # 低保边缘家庭成员
    RETURNED_TO_POVERTY = "returned_to_poverty", _("Returned to poverty")  # 返贫致贫人口
    UNSTABLE_LIFTED = "unstable_lifted", _("Lifted from poverty, not stable")  # 脱贫不稳定户
    MARGINAL = "marginal", _("At the margin of poverty")  # 边缘易致贫户
    SUDDEN_DIFFICULTY = "sudden_difficulty", _("Sudden severe difficulty")  # 突发严重困难户
    LIFTED_FROM_POVERTY = "lifted_from_poverty", _("Lifted from poverty")  # 脱贫人口
    ILLNESS_POVERTY = "illness_poverty", _("Poverty through illness")  # 因病致贫重病患者
    SEVERELY_DISABLED = "severely_disabled", _("Severe disability")  # 重度残疾人
    SPECIAL_CARE = "special_care", _("Entitled group")  # 优抚对象
    ORPHAN = "orphan", _("Orphan")  # 孤儿


def days_of(first: str = "from_on", last: str = "through_on") -> Func:
    """Return the days of a spell as a database range, both ends inclusive."""
    return Func(F(first), F(last), Value("[]"), function="daterange")


@tracked()
class CategorySpell(ScopedModel):
    """Days on which a department recognised a person as a category.

    Both ends are inclusive, as notices and certificates speak; an empty end is open.
    """

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="category_spells"
    )
    category = models.CharField(_("category"), max_length=24, choices=Category)
    from_on = models.DateField(_("from"))
    through_on = models.DateField(_("through"), null=True, blank=True)
    deciding_department = models.CharField(
        _("deciding department"), max_length=80, blank=True, default=""
    )
    document = models.CharField(_("document"), max_length=120, blank=True, default="")
    source = models.CharField(_("source"), max_length=120, blank=True, default="")
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("category spell")
        verbose_name_plural = _("category spells")
        constraints = [
            models.CheckConstraint(
                condition=Q(through_on__isnull=True) | Q(through_on__gte=F("from_on")),
                name="category_spell_ends_after_it_begins",
            ),
            ExclusionConstraint(
                name="category_spell_overlaps_no_other",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("category", RangeOperators.EQUAL),
                    (days_of(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        """Name the category and its days."""
        return f"{self.get_category_display()} {self.from_on} – {self.through_on or ''}"
