"""Rows move with their student: what has no column in the other sheet is kept beside, and each move is written down."""

import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from records.models.guards import GUARDS
from schools.models.history_sql import CLASS_CHAIN, never_updated, record


class Migration(migrations.Migration):

    dependencies = [
        ("records", "0005_one_valid_version"),
        ('schools', '0007_class_voided'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='markrow',
            name='beside',
            field=models.JSONField(blank=True, null=True, verbose_name='giá trị ngoài các cột của sổ'),
        ),
        migrations.CreateModel(
            name='StudentMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True, verbose_name='mã công khai')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=django.utils.timezone.now, editable=False, verbose_name='lúc tạo')),
                ('moved', models.JSONField(default=list, verbose_name='điểm đi theo')),
                ('stayed', models.JSONField(default=list, verbose_name='điểm ở lại nơi đã kí')),
                ('missing', models.JSONField(default=list, verbose_name='còn thiếu')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người chuyển')),
                ('from_class', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.schoolclass', verbose_name='từ lớp')),
                ('school_class', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.schoolclass', verbose_name='sang lớp')),
                ('school_year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.schoolyear', verbose_name='năm học')),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.student', verbose_name='học sinh')),
            ],
            options={
                'indexes': [models.Index(fields=['student', 'school_year'], name='moves_of_a_student')],
            },
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
        record("records_studentmove", CLASS_CHAIN, student="r.student_id"),
        never_updated("records_studentmove"),
    ]
