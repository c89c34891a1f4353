from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "config.outbox"
    label = "outbox"
    verbose_name = _("Work to be done")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from config.error_sentences import SENTENCES
        from config.outbox.sentences import OUTBOX_SENTENCES

        SENTENCES.update(OUTBOX_SENTENCES)
