from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class OfficesConfig(AppConfig):
    name = "config.offices"
    label = "offices"
    verbose_name = _("Offices")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from config.error_sentences import SENTENCES
        from config.identity.sentences import IDENTITY_SENTENCES
        from config.offices import fence
        from config.offices.sentences import OFFICES_SENTENCES

        SENTENCES.update(OFFICES_SENTENCES)
        SENTENCES.update(IDENTITY_SENTENCES)
        connection_created.connect(fence.attach, dispatch_uid="offices.fence")
