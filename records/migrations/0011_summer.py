"""What is written in the summer: added entry by entry, never changed; and the pages made one by one after it."""

import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from records.models.guards import DROP_SUMMER, GUARDS, SUMMER
from schools.models.history_sql import CLASS_CHAIN, never_updated, record


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0010_primary'),
        ('schools', '0010_part_columns'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SummerEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True, verbose_name='mã công khai')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=django.utils.timezone.now, editable=False, verbose_name='lúc tạo')),
                ('kind', models.CharField(choices=[('MON', 'Đánh giá lại môn học'), ('KT', 'Kiểm tra lại'), ('PC', 'Phẩm chất, năng lực'), ('RL', 'Rèn luyện trong hè'), ('QD', 'Quyết định của hiệu trưởng'), ('LAP_TRANG', 'Chốt kết quả, lập trang'), ('TRA_LAI', 'Hiệu trưởng trả lại')], max_length=10, verbose_name='việc')),
                ('code', models.CharField(blank=True, max_length=20, verbose_name='mã')),
                ('value', models.CharField(blank=True, max_length=20, verbose_name='giá trị')),
                ('note', models.TextField(blank=True, verbose_name='nhận xét, căn cứ, lí do')),
            ],
        ),
        migrations.AlterField(
            model_name='pageversion',
            name='kind',
            field=models.CharField(choices=[('TERM', 'Kết thúc học kì'), ('YEAR', 'Kết thúc năm học'), ('HE', 'Sau kì nghỉ hè')], max_length=5, verbose_name='loại'),
        ),
        migrations.AddConstraint(
            model_name='pageversion',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'HE'), models.Q(('state__in', ['DA_RUT', 'DA_THAY']), _negated=True)), fields=('page',), name='one_summer_version_of_a_page'),
        ),
        migrations.AddField(
            model_name='summerentry',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người ghi'),
        ),
        migrations.AddField(
            model_name='summerentry',
            name='class_period',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='summer', to='records.classperiod', verbose_name='lớp và kì'),
        ),
        migrations.AddField(
            model_name='summerentry',
            name='delegation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.delegation', verbose_name='ủy quyền'),
        ),
        migrations.AddField(
            model_name='summerentry',
            name='school',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.school', verbose_name='trường'),
        ),
        migrations.AddField(
            model_name='summerentry',
            name='school_class',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.schoolclass', verbose_name='lớp'),
        ),
        migrations.AddField(
            model_name='summerentry',
            name='school_year',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.schoolyear', verbose_name='năm học'),
        ),
        migrations.AddField(
            model_name='summerentry',
            name='student',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.student', verbose_name='học sinh'),
        ),
        migrations.AddField(
            model_name='summerentry',
            name='version',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.pageversion', verbose_name='trang'),
        ),
        migrations.AddConstraint(
            model_name='summerentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('kind', 'TRA_LAI'), _negated=True), models.Q(models.Q(('kind', 'QD'), _negated=True), ('value', ''), _connector='OR')), ('note__regex', '\\S.{8,}\\S'), _connector='OR'), name='summer_entry_says_why'),
        ),
        migrations.AddConstraint(
            model_name='summerentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['LAP_TRANG', 'TRA_LAI']), ('version__isnull', False)), models.Q(models.Q(('kind__in', ['LAP_TRANG', 'TRA_LAI']), _negated=True), ('version', None)), _connector='OR'), name='summer_entry_names_its_page'),
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
        migrations.RunSQL(SUMMER, DROP_SUMMER),
        record("records_summerentry", CLASS_CHAIN, student="r.student_id"),
        never_updated("records_summerentry"),
    ]
