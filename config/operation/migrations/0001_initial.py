import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from config.offices.privileges import InsertOnly

# Whoever migrates an empty database stands for this copy of it.
INSTALLED = """
INSERT INTO operation_copyconfirmation (cluster, timeline, kind, reason)
SELECT system_identifier,
    ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::bigint, 'installed', ''
FROM pg_control_system()
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CopyConfirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cluster', models.BigIntegerField()),
                ('timeline', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('installed', 'Installed'), ('person', 'Confirmed by a person')], max_length=16)),
                ('reason', models.TextField(blank=True)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('actor', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'Confirmation of a copy',
                'verbose_name_plural': 'Confirmations of copies',
                'constraints': [models.UniqueConstraint(fields=('cluster', 'timeline', 'actor'), name='copy_is_confirmed_once_by_each_person', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('actor', None), ('kind', 'installed')), models.Q(('actor__isnull', False), ('kind', 'person')), _connector='OR'), name='copy_confirmation_names_its_person')],
            },
        ),
        InsertOnly("operation_copyconfirmation"),
        migrations.RunSQL(INSTALLED, migrations.RunSQL.noop),
    ]
