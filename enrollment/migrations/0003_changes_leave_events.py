"""A change of these tables and its audit event stand or fall together."""

from django.db import migrations

from config.offices.privileges import LeavesEvent


class Migration(migrations.Migration):
    dependencies = [("enrollment", "0002_access"), ("audit", "0002_changes_leave_events")]

    operations = [
        LeavesEvent("enrollment_person"),
        LeavesEvent("enrollment_categoryspell"),
        LeavesEvent("enrollment_coveragespell"),
        LeavesEvent("enrollment_diseasecertification"),
    ]
