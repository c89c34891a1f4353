from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "config.audit"
    label = "audit"
    verbose_name = _("Audit")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from config.audit.sentences import AUDIT_SENTENCES
        from config.error_sentences import SENTENCES

        SENTENCES.update(AUDIT_SENTENCES)
