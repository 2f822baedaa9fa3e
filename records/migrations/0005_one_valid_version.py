"""Versions of a page are issued in their order; keys, orders, confirmations and submissions are held more tightly."""

from django.db import migrations, models

from records.models.guards import GUARDS


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0004_in_place_of'),
        ('schools', '0007_class_voided'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='pageversion',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'DA_CAP')), fields=('page',), name='one_valid_version_of_a_page'),
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
