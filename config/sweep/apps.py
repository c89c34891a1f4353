from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SweepConfig(AppConfig):
    name = "config.sweep"
    label = "sweep"
    verbose_name = _("Ledger sweep")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from config.error_sentences import SENTENCES
        from config.sweep.sentences import SWEEP_SENTENCES

        SENTENCES.update(SWEEP_SENTENCES)
