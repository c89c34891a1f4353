import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from config.offices.privileges import Grant


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('username', models.CharField(max_length=64, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('full_name', models.CharField(max_length=64, verbose_name='full name')),
                ('is_active', models.BooleanField(default=True, verbose_name='may sign in')),
                ('must_change_password', models.BooleanField(default=False, verbose_name='must change the password')),
                ('language', models.CharField(blank=True, max_length=16, verbose_name='language')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created at')),
                ('last_seen_at', models.DateTimeField(editable=False, null=True, verbose_name='last seen at')),
            ],
            options={
                'verbose_name': 'Account',
                'verbose_name_plural': 'Accounts',
                'ordering': ('username',),
            },
        ),
        migrations.CreateModel(
            name='Office',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=32, unique=True, verbose_name='code')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('name_en', models.CharField(blank=True, max_length=100, verbose_name='name in English')),
                ('kind', models.CharField(choices=[('pool', 'Pool'), ('county', 'County'), ('township', 'Township')], max_length=16, verbose_name='kind')),
                ('region', models.CharField(help_text='Id of the policy pack of the pool.', max_length=64, verbose_name='policy region')),
                ('division_code', models.CharField(blank=True, max_length=12, verbose_name='division code')),
                ('release_line_fen', models.BigIntegerField(default=0, help_text='In fen. Settlements paying more than this need a second person.', verbose_name='release line')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='telephone')),
                ('address', models.CharField(blank=True, max_length=200, verbose_name='address')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='beneath', to='offices.office', verbose_name='office above')),
            ],
            options={
                'verbose_name': 'Office',
                'verbose_name_plural': 'Offices',
                'ordering': ('code',),
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('clerk', 'Clerk'), ('reviewer', 'Reviewer'), ('supervisor', 'Supervisor'), ('auditor', 'Auditor'), ('administrator', 'Administrator'), ('policy_desk', 'Policy desk')], max_length=32, verbose_name='role')),
                ('from_on', models.DateField(verbose_name='from')),
                ('through_on', models.DateField(blank=True, null=True, verbose_name='through')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='offices.office', verbose_name='office')),
            ],
            options={
                'verbose_name': 'Membership',
                'verbose_name_plural': 'Memberships',
                'ordering': ('user', 'office', 'role', 'from_on'),
            },
        ),
        migrations.AddConstraint(
            model_name='office',
            constraint=models.CheckConstraint(condition=models.Q(('release_line_fen__gte', 0)), name='office_release_line_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='office',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'pool'), ('parent', None)), models.Q(models.Q(('kind', 'pool'), _negated=True), ('parent__isnull', False)), _connector='OR'), name='office_pool_has_nothing_above'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(fields=('user', 'office', 'role', 'from_on'), name='membership_once_per_start'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('through_on', None), ('through_on__gte', models.F('from_on')), _connector='OR'), name='membership_ends_after_it_starts'),
        ),
        Grant("offices_office", "select, insert, update"),
        Grant("offices_user", "select, insert, update", reader=False),
        Grant("offices_membership", "select, insert, update"),
    ]
