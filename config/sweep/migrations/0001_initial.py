import django.db.models.deletion
from django.db import migrations, models

from config.offices.privileges import ForceRowSecurity, InsertOnly, LeavesEvent


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('offices', '0002_framework_tables'),
        ('audit', '0002_changes_leave_events'),
    ]

    operations = [
        migrations.CreateModel(
            name='SweepRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField(verbose_name='started at')),
                ('finished_at', models.DateTimeField(verbose_name='finished at')),
                ('findings', models.PositiveBigIntegerField(verbose_name='findings')),
                ('failures', models.PositiveIntegerField(verbose_name='invariants that could not be checked')),
                ('is_complete', models.BooleanField(verbose_name='every invariant was checked')),
                ('office', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offices.office', verbose_name='office')),
            ],
            options={
                'verbose_name': 'sweep of the ledger',
                'verbose_name_plural': 'sweeps of the ledger',
                'ordering': ('-id',),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SweepResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=8, verbose_name='invariant')),
                ('rows_read', models.PositiveBigIntegerField(verbose_name='rows read')),
                ('findings', models.PositiveBigIntegerField(verbose_name='findings')),
                ('milliseconds', models.PositiveIntegerField(verbose_name='milliseconds')),
                ('first_findings', models.JSONField(default=list, verbose_name='first findings')),
                ('failure', models.CharField(blank=True, max_length=120, verbose_name='why it could not be checked')),
                ('office', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='offices.office', verbose_name='office')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='sweep.sweeprun', verbose_name='sweep')),
            ],
            options={
                'verbose_name': 'result of a sweep',
                'verbose_name_plural': 'results of sweeps',
                'ordering': ('id',),
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('run', 'code'), name='sweep_checks_an_invariant_once')],
            },
        ),
        InsertOnly("sweep_sweeprun"),
        ForceRowSecurity("sweep_sweeprun"),
        LeavesEvent("sweep_sweeprun"),
        InsertOnly("sweep_sweepresult"),
        ForceRowSecurity("sweep_sweepresult"),
        LeavesEvent("sweep_sweepresult"),
    ]
