"""A change of these tables and its audit event stand or fall together."""

from django.db import migrations

from config.offices.privileges import LeavesEvent


class Migration(migrations.Migration):
    dependencies = [("offices", "0003_roles_that_stand_alone"), ("audit", "0002_changes_leave_events")]

    operations = [
        LeavesEvent("offices_office"),
        # The instants of a sign-in; its event is written beside them.
        LeavesEvent("offices_user", free=("last_login", "last_seen_at")),
        LeavesEvent("offices_membership"),
    ]
