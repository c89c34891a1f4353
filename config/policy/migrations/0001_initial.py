import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models
from config.offices.privileges import Grant, InsertOnly


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PolicyDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=100, unique=True, verbose_name='document number')),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('issuer', models.CharField(max_length=200, verbose_name='issuer')),
                ('issued_on', models.DateField(verbose_name='issued on')),
                ('scan', models.FileField(blank=True, upload_to='policy_documents/', verbose_name='scan')),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='recorded at')),
            ],
            options={
                'verbose_name': 'Document',
                'verbose_name_plural': 'Documents',
                'ordering': ('-issued_on', 'number'),
            },
        ),
        migrations.CreateModel(
            name='PolicyRelease',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=64, verbose_name='region')),
                ('digest', models.CharField(max_length=64, verbose_name='digest')),
                ('kind', models.CharField(choices=[('law', 'Law'), ('demonstration', 'Demonstration')], max_length=16, verbose_name='kind')),
                ('content', models.JSONField(verbose_name='content')),
                ('registered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='registered at')),
                ('registered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='registered by')),
            ],
            options={
                'verbose_name': 'Policy release',
                'verbose_name_plural': 'Policy releases',
                'ordering': ('region', '-id'),
            },
        ),
        migrations.CreateModel(
            name='ReleaseActivation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=64, verbose_name='region')),
                ('active_from', models.DateField(verbose_name='in force from')),
                ('activated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='activated at')),
                ('activated_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='activated by')),
                ('document', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='policy.policydocument', verbose_name='document')),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='activations', to='policy.policyrelease', verbose_name='release')),
            ],
            options={
                'verbose_name': 'Activation',
                'verbose_name_plural': 'Activations',
                'ordering': ('-active_from', '-id'),
            },
        ),
        migrations.AddConstraint(
            model_name='policyrelease',
            constraint=models.UniqueConstraint(fields=('region', 'digest'), name='release_content_once_per_region'),
        ),
        migrations.AddIndex(
            model_name='releaseactivation',
            index=models.Index(fields=['region', '-active_from', '-id'], name='activation_in_force'),
        ),
        Grant("policy_policydocument", "select, insert, update"),
        InsertOnly("policy_policyrelease"),
        InsertOnly("policy_releaseactivation"),
    ]
