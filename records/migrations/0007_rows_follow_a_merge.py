"""Rows, years and pages go to the record that theirs was merged into, and to no other; a row of marks knows under which
record it was written."""

import django.db.models.deletion
from django.db import migrations, models

from records.models.guards import GUARDS


class Migration(migrations.Migration):
    dependencies = [("records", "0006_moving"), ("schools", "0009_lists_emptied")]

    operations = [
        migrations.AddField(
            model_name="markrow",
            name="written_for",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="schools.student",
                verbose_name="ghi cho hồ sơ",
            ),
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
