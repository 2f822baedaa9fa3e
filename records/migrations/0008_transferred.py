"""What students from outside brought of a finished term: added, never changed, with nothing typed beside it."""

import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import schools.models.base
import uuid
from django.conf import settings
from django.db import migrations, models

from records.models.guards import DROP_TRANSFERRED, TRANSFERRED
from schools.models.history_sql import CLASS_CHAIN, never_updated, record


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0007_rows_follow_a_merge'),
        ('schools', '0007_class_voided'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='TransferredTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True, verbose_name='mã công khai')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=django.utils.timezone.now, editable=False, verbose_name='lúc tạo')),
                ('edition', models.PositiveSmallIntegerField(verbose_name='lần ghi')),
                ('subjects', models.JSONField(default=dict, verbose_name='kết quả các môn')),
                ('conduct', models.CharField(blank=True, choices=[('TOT', 'Tốt'), ('KHA', 'Khá'), ('DAT', 'Đạt'), ('CHUA_DAT', 'Chưa đạt')], max_length=10, verbose_name='rèn luyện')),
                ('learning', models.CharField(blank=True, choices=[('TOT', 'Tốt'), ('KHA', 'Khá'), ('DAT', 'Đạt'), ('CHUA_DAT', 'Chưa đạt')], max_length=10, verbose_name='học tập')),
                ('excused', models.PositiveSmallIntegerField(default=0, verbose_name='số buổi nghỉ có phép')),
                ('unexcused', models.PositiveSmallIntegerField(default=0, verbose_name='số buổi nghỉ không phép')),
                ('from_school', schools.models.base.NameField(db_collation='vi-x-icu', max_length=120, verbose_name='trường cũ')),
                ('from_place', schools.models.base.NameField(db_collation='vi-x-icu', max_length=120, verbose_name='nơi có trường cũ')),
                ('document_number', models.CharField(max_length=60, verbose_name='số giấy chuyển trường')),
                ('document_on', models.DateField(verbose_name='ngày của giấy')),
                ('reason', models.CharField(max_length=255, verbose_name='lí do chuyển đến')),
                ('correction', models.CharField(blank=True, max_length=255, verbose_name='lí do sửa')),
                ('withdrawn', models.BooleanField(default=False, verbose_name='bỏ, đã ghi nhầm')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người ghi')),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.period', verbose_name='kì')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.school', verbose_name='trường ghi')),
                ('school_class', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.schoolclass', verbose_name='lớp lúc ghi')),
                ('school_year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.schoolyear', verbose_name='năm học')),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.student', verbose_name='học sinh')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('student', 'period', 'edition'), name='transferred_term_once'), models.CheckConstraint(condition=models.Q(('withdrawn', True), models.Q(('conduct__in', ['TOT', 'KHA', 'DAT', 'CHUA_DAT']), ('learning__in', ['TOT', 'KHA', 'DAT', 'CHUA_DAT']), models.Q(('subjects', {}), _negated=True)), _connector='OR'), name='transferred_term_whole'), models.CheckConstraint(condition=models.Q(('excused__range', (0, 200)), ('unexcused__range', (0, 200))), name='transferred_term_absences'), models.CheckConstraint(condition=models.Q(models.Q(('from_school', ''), _negated=True), models.Q(('from_place', ''), _negated=True), models.Q(('document_number', ''), _negated=True), models.Q(('reason', ''), _negated=True)), name='transferred_term_names_its_source'), models.CheckConstraint(condition=models.Q(models.Q(('edition', 1), ('withdrawn', False)), models.Q(('correction__regex', '\\S.{8,}\\S'), ('edition__gt', 1)), _connector='OR'), name='transferred_term_corrected_with_reason')],
            },
        ),
        migrations.RunSQL(TRANSFERRED, DROP_TRANSFERRED),
        record("records_transferredterm", CLASS_CHAIN, student="r.student_id"),
        never_updated("records_transferredterm"),
    ]
