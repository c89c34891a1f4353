from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BackupConfig(AppConfig):
    name = "config.backup"
    label = "backup"
    verbose_name = _("Backup")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from config.backup.sentences import BACKUP_SENTENCES
        from config.error_sentences import SENTENCES

        SENTENCES.update(BACKUP_SENTENCES)
