"""The guards also where a row leaves, a sheet is confirmed, a confirmation taken back and a signature ordered."""

from django.db import migrations

from records.models.guards import GUARDS


class Migration(migrations.Migration):
    dependencies = [("records", "0002_guards")]

    operations = [migrations.RunSQL(GUARDS, migrations.RunSQL.noop)]
