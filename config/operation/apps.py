from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperationConfig(AppConfig):
    name = "config.operation"
    label = "operation"
    verbose_name = _("Operation")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from config.error_sentences import SENTENCES
        from config.operation.sentences import OPERATION_SENTENCES

        SENTENCES.update(OPERATION_SENTENCES)
