from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class OfficesConfig(AppConfig):
    name = "config.offices"
    label = "offices"
    verbose_name = _("Offices")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from config.offices import fence

        connection_created.connect(fence.attach, dispatch_uid="offices.fence")
