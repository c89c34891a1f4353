from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RunsConfig(AppConfig):
    name = "config.runs"
    label = "runs"
    verbose_name = _("Runs")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from config.error_sentences import SENTENCES
        from config.runs.sentences import RUNS_SENTENCES

        SENTENCES.update(RUNS_SENTENCES)
