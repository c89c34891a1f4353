import config.audit.models
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models
from config.offices.privileges import ForceRowSecurity, InsertOnly


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('offices', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ActKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agent', models.CharField(blank=True, max_length=64)),
                ('kind', models.CharField(max_length=64)),
                ('key', models.CharField(max_length=64)),
                ('body_digest', models.CharField(max_length=64)),
                ('result', models.JSONField()),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('actor', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('office', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offices.office', verbose_name='office')),
            ],
            options={
                'verbose_name': 'Act key',
                'verbose_name_plural': 'Act keys',
                'constraints': [models.UniqueConstraint(fields=('office', 'actor', 'agent', 'kind', 'key'), name='act_key_answers_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='at')),
                ('agent', models.CharField(blank=True, help_text='Facility interface, task or command.', max_length=64, verbose_name='machine')),
                ('roles', models.CharField(blank=True, max_length=120, verbose_name='roles')),
                ('verb', models.CharField(max_length=64, verbose_name='act')),
                ('target_kind', models.CharField(blank=True, max_length=64, verbose_name='kind of target')),
                ('target_id', models.CharField(blank=True, max_length=64, verbose_name='target')),
                ('outcome', models.CharField(choices=[('done', 'Done'), ('refused', 'Refused')], default='done', max_length=8, verbose_name='outcome')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('payload', models.JSONField(default=dict, verbose_name='details')),
                ('request_id', models.UUIDField(verbose_name='request')),
                ('address', models.CharField(blank=True, max_length=64, verbose_name='address')),
                ('txid', models.BigIntegerField(db_default=config.audit.models.TransactionId(), editable=False)),
                ('actor', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='actor')),
                ('office', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offices.office', verbose_name='office')),
            ],
            options={
                'verbose_name': 'Audit event',
                'verbose_name_plural': 'Audit events',
                'ordering': ('-id',),
                'indexes': [models.Index(fields=['target_kind', 'target_id', 'id'], name='audit_event_target'), models.Index(fields=['actor', 'at'], name='audit_event_actor_at'), models.Index(fields=['office', 'at'], name='audit_event_office_at')],
            },
        ),
        InsertOnly("audit_auditevent"),
        ForceRowSecurity("audit_auditevent"),
        InsertOnly("audit_actkey"),
        ForceRowSecurity("audit_actkey"),
    ]
