from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClaimsConfig(AppConfig):
    name = "claims"
    label = "claims"
    verbose_name = _("Claims")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from claims.api.sentences import API_SENTENCES
        from claims.sentences import CLAIMS_SENTENCES
        from config.error_sentences import SENTENCES

        SENTENCES.update(CLAIMS_SENTENCES)
        SENTENCES.update(API_SENTENCES)
