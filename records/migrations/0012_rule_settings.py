"""What the law leaves open, as the Sở answers it: added with who and why, never changed."""

import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from records.models.guards import DROP_SETTINGS, SETTINGS
from schools.models.history_sql import PROVINCE_CHAIN, never_updated, record


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0011_summer'),
        ('schools', '0010_part_columns'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RuleSetting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True, verbose_name='mã công khai')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=django.utils.timezone.now, editable=False, verbose_name='lúc tạo')),
                ('rule_set', models.CharField(max_length=20, verbose_name='bộ quy định')),
                ('key', models.CharField(max_length=20, verbose_name='câu hỏi')),
                ('value', models.CharField(max_length=20, verbose_name='cách áp dụng')),
                ('reason', models.CharField(max_length=255, verbose_name='lí do')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người đổi')),
                ('school_year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.schoolyear', verbose_name='năm học')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('key', 'DIEU_CHINH_MON'), ('rule_set', 'TT22-2021'), ('value__in', ['MOI_MON', 'MON_DIEM'])), models.Q(('key', 'DIEU_CHINH_CACH'), ('rule_set', 'TT22-2021'), ('value__in', ['BO_MON', 'CAO_NHAT'])), models.Q(('key', 'TU_CHON'), ('rule_set', 'TT22-2021'), ('value__in', ['KHONG_TINH', 'TINH'])), models.Q(('key', 'CHUYEN_DE'), ('rule_set', 'TT22-2021'), ('value__in', ['THEM', 'KHONG'])), models.Q(('key', 'DIEM_THAP_NHAT'), ('rule_set', 'TT27-2020'), ('value__in', ['1', '0'])), _connector='OR'), name='rule_setting_is_an_answer'), models.CheckConstraint(condition=models.Q(('reason__regex', '\\S.{8,}\\S')), name='rule_setting_says_why')],
            },
        ),
        migrations.RunSQL(SETTINGS, DROP_SETTINGS),
        record("records_rulesetting", PROVINCE_CHAIN),
        never_updated("records_rulesetting"),
    ]
