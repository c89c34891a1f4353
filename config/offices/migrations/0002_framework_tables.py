"""What the application may do with the tables of the framework."""

from django.db import migrations

from config.offices.privileges import Grant


class Migration(migrations.Migration):
    dependencies = [
        ("offices", "0001_initial"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        Grant("django_session", "select, insert, update, delete", reader=False),
        # Our own audit takes the place of the admin's log: it is read, never written.
        Grant("django_admin_log", "select", reader=False),
        Grant("django_content_type", "select"),
        Grant("auth_permission", "select"),
        Grant("auth_group", "select"),
        Grant("auth_group_permissions", "select"),
        Grant("pghistory_context", "select"),
        Grant("django_migrations", "select"),
    ]
