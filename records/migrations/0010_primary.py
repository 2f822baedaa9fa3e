"""Sheets of tiểu học: levels, whole scores, phẩm chất and năng lực are known to the guards; longer codes fit."""

from django.db import migrations, models

from records.models.guards import GUARDS


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0009_submitted_with_results'),
    ]

    operations = [
        migrations.AlterField(
            model_name='celloperation',
            name='column',
            field=models.CharField(max_length=20, verbose_name='cột'),
        ),
        migrations.AlterField(
            model_name='yearrecord',
            name='promotion',
            field=models.CharField(max_length=20, verbose_name='lên lớp'),
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
