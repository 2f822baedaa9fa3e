"""Undo the later changes of a row, so that it can be compared with what the history says it began as."""

from django.db import migrations

from schools.models.history_rows_sql import DROP_FUNCTIONS, FUNCTIONS


class Migration(migrations.Migration):
    dependencies = [("schools", "0005_slip_reason")]

    operations = [migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS)]
