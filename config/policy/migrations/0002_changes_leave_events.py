"""A change of these tables and its audit event stand or fall together."""

from django.db import migrations

from config.offices.privileges import LeavesEvent


class Migration(migrations.Migration):
    dependencies = [("policy", "0001_initial"), ("audit", "0002_changes_leave_events")]

    operations = [
        LeavesEvent("policy_policydocument"),
        LeavesEvent("policy_policyrelease"),
        LeavesEvent("policy_releaseactivation"),
    ]
