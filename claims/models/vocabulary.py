"""Words a bill is described with; the policy packs use the same ones (`config.policy.schema`)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CareType(models.TextChoices):
    """Kind of care (医疗类别)."""

    INPATIENT = "inpatient", _("Inpatient")  # 住院
    GENERAL_OUTPATIENT = "general_outpatient", _("General outpatient")  # 普通门诊
    CHRONIC_SPECIAL = "chronic_special", _("Chronic and special outpatient")  # 门诊慢特病
    TWO_DISEASE = "two_disease", _("Hypertension and diabetes medicine")  # 两病门诊用药
    MATERNITY = "maternity", _("Maternity")  # 生育
    OUTPATIENT_BALANCE = "outpatient_balance", _("Old outpatient balance")  # 门诊个人账户余额


class OffArea(models.TextChoices):
    """Where care was given, and whether it was filed (异地就医备案)."""

    NONE = "none", _("In the area")
    IN_PROVINCE = "in_province", _("In the province, filed")
    IN_PROVINCE_UNFILED = "in_province_unfiled", _("In the province, not filed")
    IN_PROVINCE_RESIDENCE = "in_province_residence", _("In the province, long-term residence")
    OUT_PROVINCE = "out_province", _("Outside the province, filed")
    OUT_PROVINCE_UNFILED = "out_province_unfiled", _("Outside the province, not filed")
    OUT_PROVINCE_RESIDENCE = (
        "out_province_residence",
        _("Outside the province, long-term residence"),
    )


class Origin(models.TextChoices):
    """Who computed the settlement first."""

    OFFICE = "office", _("This office")
    PLATFORM = "platform", _("National platform")


class BillKind(models.TextChoices):
    """Settled in the network, or from paper afterwards (联网结算 / 手工零星报销)."""

    DIRECT = "direct", _("Settled in the network")
    MANUAL = "manual", _("Paper claim")


class Payee(models.TextChoices):
    """Who receives what the funds pay."""

    PERSON = "person", _("Person")
    FACILITY = "facility", _("Facility")


class ThirdParty(models.TextChoices):
    """Whether somebody else is liable first (第三方责任), and whether their part is known."""

    NONE = "none", _("Nobody else is liable")
    PENDING = "pending", _("Liable, part not known yet")
    SETTLED = "settled", _("Liable, part is known")
