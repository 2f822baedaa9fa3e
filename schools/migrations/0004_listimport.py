"""Lists that come in from Excel files; the history notes them without their rows."""

import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from schools.models.history_sql import SCHOOL_CHAIN, record


class Migration(migrations.Migration):

    dependencies = [
        ('schools', '0003_curriculum'),
    ]

    operations = [
        migrations.CreateModel(
            name='ListImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True, verbose_name='mã công khai')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=django.utils.timezone.now, editable=False, verbose_name='lúc tạo')),
                ('kind', models.CharField(choices=[('HOC_SINH', 'Học sinh, lớp và phụ huynh'), ('NHAN_SU', 'Nhân sự'), ('PHAN_CONG', 'Phân công giảng dạy, chủ nhiệm')], max_length=10, verbose_name='loại danh sách')),
                ('file_name', models.CharField(max_length=255, verbose_name='tên tệp')),
                ('sheet_name', models.CharField(max_length=60, verbose_name='trang tính')),
                ('makes_classes', models.BooleanField(default=False, verbose_name='tạo lớp chưa có')),
                ('columns', models.JSONField(default=list, verbose_name='cột đã nhận ra')),
                ('ignored', models.JSONField(default=list, verbose_name='cột bỏ qua')),
                ('rows', models.JSONField(default=list, verbose_name='các dòng')),
                ('digest', models.CharField(max_length=64, verbose_name='mã băm bản xem trước')),
                ('state', models.CharField(choices=[('XEM_TRUOC', 'Chờ xác nhận'), ('DA_NHAP', 'Đã nhập'), ('DA_HUY', 'Đã hủy')], default='XEM_TRUOC', max_length=10, verbose_name='trạng thái')),
                ('applied_at', models.DateTimeField(blank=True, null=True, verbose_name='nhập lúc')),
                ('counts', models.JSONField(default=dict, verbose_name='số dòng')),
                ('refused', models.JSONField(default=list, verbose_name='dòng bị từ chối')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='schools.school', verbose_name='trường')),
                ('school_year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='schools.schoolyear', verbose_name='năm học')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người tải lên')),
            ],
            options={
                'ordering': ['-created_at'],
                'indexes': [models.Index(fields=['school', '-created_at'], name='imports_of_a_school')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('applied_at__isnull', False), ('rows', []), ('state', 'DA_NHAP')), models.Q(('applied_at', None), ('state', 'XEM_TRUOC')), models.Q(('applied_at', None), ('rows', []), ('state', 'DA_HUY')), _connector='OR'), name='list_import_state_whole')],
            },
        ),
        record("schools_listimport", SCHOOL_CHAIN, hidden=("rows", "refused")),
    ]
