"""Sentences of the errors of this package."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

BACKUP_SENTENCES: dict[str, str | Promise] = {
    "backup.not_set_up": _("Backups are not set up: %(said)s"),
    "backup.program_missing": _("The program %(program)s of PostgreSQL was not found."),
    "backup.other_version": _("%(program)s is version %(found)s, version %(wanted)s is needed."),
    "backup.server": _("The server does not let the backup role in (%(said)s)."),
    "backup.copy": _("The server could not be copied: %(said)s"),
    "backup.target": _("The backup could not be written: %(said)s"),
    "backup.second_target": _("The second place could not be written: %(said)s"),
    "backup.damaged": _("The backup %(label)s is damaged: %(said)s"),
    "backup.segments_missing": _("%(count)s segments of the log of changes are missing: %(first)s"),
    "backup.none": _("There is no backup."),
    "backup.none_before": _("No backup ended before %(instant)s."),
    "backup.folder_exists": _("The folder %(folder)s exists. Name a new one."),
    "backup.not_restored": _("The restored server did not start: %(said)s"),
    "backup.verdict": _("The restored database is not well: %(said)s"),
}
