"""A change of this table and its audit event stand or fall together."""

from django.db import migrations

from config.offices.privileges import LeavesEvent


class Migration(migrations.Migration):
    dependencies = [("operation", "0001_initial"), ("audit", "0002_changes_leave_events")]

    operations = [LeavesEvent("operation_copyconfirmation")]
