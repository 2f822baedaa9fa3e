"""Placings into the classes of a new year: what each did stays, and that it was taken back is added once."""

import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from records.models.guards import DROP_NEW_YEAR, NEW_YEAR
from schools.models.history_sql import SCHOOL_CHAIN, record


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0012_rule_settings'),
        ('schools', '0010_part_columns'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='NewYearPlacing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True, verbose_name='mã công khai')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=django.utils.timezone.now, editable=False, verbose_name='lúc tạo')),
                ('placed', models.JSONField(default=list, verbose_name='đã xếp')),
                ('made', models.JSONField(default=list, verbose_name='lớp đã lập')),
                ('taken_back_at', models.DateTimeField(blank=True, null=True, verbose_name='bỏ lúc')),
                ('reason', models.CharField(blank=True, max_length=255, verbose_name='lí do bỏ')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người xếp')),
                ('from_year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.schoolyear', verbose_name='từ năm học')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.school', verbose_name='trường')),
                ('taken_back_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người bỏ')),
                ('to_year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.schoolyear', verbose_name='sang năm học')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), ('taken_back_at', None), ('taken_back_by', None)), models.Q(('reason__regex', '\\S.{8,}\\S'), ('taken_back_at__isnull', False), ('taken_back_by__isnull', False)), _connector='OR'), name='placing_taken_back_whole')],
            },
        ),
        migrations.RunSQL(NEW_YEAR, DROP_NEW_YEAR),
        record("records_newyearplacing", SCHOOL_CHAIN),
    ]
