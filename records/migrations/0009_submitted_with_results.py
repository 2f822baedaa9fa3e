"""A class is submitted when everybody on its list has a confirmed result in every subject taken."""

from django.db import migrations

from records.models.guards import GUARDS


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0008_transferred'),
        ('schools', '0010_part_columns'),
    ]

    operations = [
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
