from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PolicyConfig(AppConfig):
    name = "config.policy"
    label = "policy"
    verbose_name = _("Policy")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from config.error_sentences import SENTENCES
        from config.policy import checks  # noqa: F401  registers the check
        from config.policy.sentences import POLICY_SENTENCES

        SENTENCES.update(POLICY_SENTENCES)
