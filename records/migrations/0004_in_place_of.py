"""Who signs for the principal names the delegation; the guards hold it."""

import django.db.models.deletion
from django.db import migrations, models

from records.models.guards import GUARDS


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0003_guards_renewed'),
        ('schools', '0007_class_voided'),
    ]

    operations = [
        migrations.AddField(
            model_name='signingorder',
            name='delegation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.delegation', verbose_name='ủy quyền'),
        ),
        migrations.AddField(
            model_name='signoff',
            name='delegation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.delegation', verbose_name='ủy quyền'),
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
