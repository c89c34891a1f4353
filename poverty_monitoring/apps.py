from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PovertyMonitoringConfig(AppConfig):
    name = "poverty_monitoring"
    label = "poverty_monitoring"
    verbose_name = _("Poverty monitoring")
    default_auto_field = "django.db.models.BigAutoField"
