from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HealthConfig(AppConfig):
    name = "config.health"
    label = "health"
    verbose_name = _("Health")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.backends.signals import connection_created

        from config.database_safety import refuse_new_connection
        from config.health import checks  # noqa: F401  registers the check

        connection_created.connect(refuse_new_connection, dispatch_uid="health.database_safety")
