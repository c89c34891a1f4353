from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SignInConfig(AppConfig):
    name = "config.sign_in"
    label = "sign_in"
    verbose_name = _("Sign-in")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from config.error_sentences import SENTENCES
        from config.sign_in.sentences import SIGN_IN_SENTENCES

        SENTENCES.update(SIGN_IN_SENTENCES)
