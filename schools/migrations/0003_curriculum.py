"""The GDPT 2018 curriculum as data. The table it reads is frozen (schools/rules/gdpt2018.py)."""

from django.db import migrations

from schools.rules.gdpt2018 import PARTS, SUBJECTS, offerings


def load(apps, schema_editor):
    Subject = apps.get_model("schools", "Subject")
    CurriculumSubject = apps.get_model("schools", "CurriculumSubject")
    Subject.objects.bulk_create(
        Subject(code=code, name=name, parts=list(PARTS.get(code, ()))) for code, name in SUBJECTS.items()
    )
    subjects = {subject.code: subject for subject in Subject.objects.all()}
    CurriculumSubject.objects.bulk_create(
        CurriculumSubject(
            rule_set=row.rule_set,
            grade_level=row.grade_level,
            subject=subjects[row.subject],
            kind=row.kind,
            choice=row.choice,
            annual_periods=row.annual_periods,
            position=row.position,
        )
        for row in offerings()
    )


class Migration(migrations.Migration):
    dependencies = [("schools", "0002_history")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
