"""Looks at records by month and in the daily root; a month whose time is over is dropped, and that is told."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from schools.models.history_sql import PROVINCE_CHAIN, never_updated, record
from schools.models.reads_sql import DROP_FUNCTIONS, FUNCTIONS, OLD_ENOUGH, TO_MONTHS, TO_ONE_TABLE, YOUNG_ALSO


class Migration(migrations.Migration):

    dependencies = [
        ('schools', '0007_class_voided'),
    ]

    operations = [
        migrations.AddField(
            model_name='historyroot',
            name='reads',
            field=models.JSONField(null=True),
        ),
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        migrations.RunSQL(
            TO_MONTHS,
            TO_ONE_TABLE,
            state_operations=[
                migrations.AlterField(
                    model_name='readentry',
                    name='at',
                    field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                migrations.AlterField(
                    model_name='readentry',
                    name='student',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.student'),
                ),
            ],
        ),
        migrations.CreateModel(
            name='DroppedReads',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('month', models.DateField(unique=True, verbose_name='tháng')),
                ('looks', models.BigIntegerField(verbose_name='số lượt xem')),
                ('digest', models.CharField(max_length=64, verbose_name='mã băm')),
                ('kept_months', models.PositiveSmallIntegerField(verbose_name='thời hạn giữ, tháng')),
                ('dropped_on', models.DateField(verbose_name='xóa ngày')),
            ],
            options={
                'ordering': ['month'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kept_months__gte', 12)), name='dropped_reads_kept_a_year')],
            },
        ),
        migrations.RunSQL(OLD_ENOUGH, YOUNG_ALSO),
        record("schools_droppedreads", PROVINCE_CHAIN),
        never_updated("schools_droppedreads"),
    ]
