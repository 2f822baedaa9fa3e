"""Regular results that the principal lets go; rows of marks hold “K” where one says so."""

import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from records.models.guards import DROP_WAIVERS, GUARDS, WAIVERS
from schools.models.history_sql import CLASS_CHAIN, never_updated, record


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0013_new_year'),
        ('schools', '0010_part_columns'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RegularWaiver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True, verbose_name='mã công khai')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=django.utils.timezone.now, editable=False, verbose_name='lúc tạo')),
                ('columns', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), size=None, verbose_name='cột cho phép thiếu')),
                ('reason', models.CharField(max_length=255, verbose_name='lí do')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người cho phép')),
                ('delegation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.delegation', verbose_name='ủy quyền')),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.period', verbose_name='kì')),
                ('school_class', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.schoolclass', verbose_name='lớp')),
                ('school_year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.schoolyear', verbose_name='năm học')),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.marksheet', verbose_name='sổ')),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.student', verbose_name='học sinh')),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.subject', verbose_name='môn')),
            ],
            options={
                'indexes': [models.Index(fields=['student', 'subject', 'period'], name='waivers_of_a_student')],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason__regex', '\\S.{8,}\\S')), name='regular_waiver_says_why'), models.CheckConstraint(condition=models.Q(('columns', []), _negated=True), name='regular_waiver_names_columns')],
            },
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
        migrations.RunSQL(WAIVERS, DROP_WAIVERS),
        record("records_regularwaiver", CLASS_CHAIN),
        never_updated("records_regularwaiver"),
    ]
