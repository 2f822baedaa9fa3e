from django.db import migrations, models

from schools.models.part_columns_sql import ACCEPT_SHARED_COLUMNS, REFUSE_SHARED_COLUMNS


class Migration(migrations.Migration):

    dependencies = [
        ('schools', '0009_lists_emptied'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='teachingassignment',
            constraint=models.CheckConstraint(condition=models.Q(('columns__contained_by', ['TX1', 'TX2', 'TX3', 'TX4', 'GK', 'CK', 'NX'])), name='teaching_assignment_columns'),
        ),
        migrations.RunSQL(REFUSE_SHARED_COLUMNS, ACCEPT_SHARED_COLUMNS),
    ]
