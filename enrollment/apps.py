from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EnrollmentConfig(AppConfig):
    name = "enrollment"
    label = "enrollment"
    verbose_name = _("Enrollment")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from config.error_sentences import SENTENCES
        from enrollment.sentences import ENROLLMENT_SENTENCES

        SENTENCES.update(ENROLLMENT_SENTENCES)
