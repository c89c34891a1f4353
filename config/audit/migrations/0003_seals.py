import django.db.models.functions.datetime
from django.db import migrations, models

from config.offices.privileges import InsertOnly

class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_changes_leave_events'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditSeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.BigIntegerField(unique=True, verbose_name='seal')),
                ('algorithm', models.CharField(max_length=16, verbose_name='algorithm')),
                ('from_txid', models.BigIntegerField(editable=False)),
                ('through_txid', models.BigIntegerField(editable=False, unique=True)),
                ('event_count', models.IntegerField(verbose_name='events')),
                ('first_event', models.BigIntegerField(verbose_name='first event')),
                ('last_event', models.BigIntegerField(verbose_name='last event')),
                ('leaves', models.BinaryField()),
                ('previous', models.CharField(blank=True, max_length=64, verbose_name='seal before')),
                ('digest', models.CharField(max_length=64, verbose_name='digest')),
                ('sealed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='sealed at')),
            ],
            options={
                'verbose_name': 'Audit seal',
                'verbose_name_plural': 'Audit seals',
                'ordering': ('-number',),
                'constraints': [models.CheckConstraint(condition=models.Q(('from_txid__lt', models.F('through_txid'))), name='audit_seal_covers_transactions')],
            },
        ),
        InsertOnly("audit_auditseal"),
    ]
