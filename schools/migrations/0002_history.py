"""The history, from the first table on: functions, triggers on every recorded table, refusals on the rest."""

from django.db import migrations

from schools.models.history_sql import (
    CLASS_CHAIN,
    DROP_FUNCTIONS,
    FUNCTIONS,
    PROVINCE_CHAIN,
    SCHOOL_CHAIN,
    Chain,
    append_only,
    record,
)

OF_STUDENT = "r.student_id"
BY_USER = Chain("SCHOOL", "(SELECT u.school_id FROM schools_user u WHERE u.id = r.user_id)")
BY_STUDENT = Chain("SCHOOL", "(SELECT s.school_id FROM schools_student s WHERE s.id = r.student_id)")
BY_DELEGATION = Chain("SCHOOL", "(SELECT d.school_id FROM schools_delegation d WHERE d.id = r.delegation_id)")


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0001_initial"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        record("schools_authority", PROVINCE_CHAIN),
        record("schools_school", Chain("SCHOOL", "r.id")),
        record("schools_schoolyear", PROVINCE_CHAIN),
        record("schools_period", PROVINCE_CHAIN),
        record("schools_entrywindow", SCHOOL_CHAIN),
        record("schools_subject", PROVINCE_CHAIN),
        record("schools_curriculumsubject", PROVINCE_CHAIN),
        record("schools_user", SCHOOL_CHAIN, hidden=("password", "personal_id"), ignored=("last_login",)),
        record("schools_roleassignment", SCHOOL_CHAIN),
        record("schools_student", SCHOOL_CHAIN, student="r.id"),
        record("schools_parentlink", BY_STUDENT, student=OF_STUDENT),
        record("schools_studentmerge", SCHOOL_CHAIN, student="r.kept_id"),
        record("schools_schoolclass", Chain("CLASS", "r.id")),
        record("schools_enrolment", CLASS_CHAIN, student=OF_STUDENT),
        record("schools_subjectenrolment", SCHOOL_CHAIN, student=OF_STUDENT),
        record("schools_teachingassignment", CLASS_CHAIN),
        record("schools_homeroomassignment", CLASS_CHAIN),
        record("schools_delegation", SCHOOL_CHAIN),
        record("schools_schoolgrant", BY_DELEGATION),
        record("schools_assignmentgrant", BY_DELEGATION),
        record("schools_slip", BY_USER, hidden=("digest",)),
        record("schools_secondfactorreset", BY_USER),
        record("mfa_authenticator", BY_USER, hidden=("data",), ignored=("last_used_at",), may_delete=True),
        record("account_emailaddress", BY_USER, may_delete=True),
        append_only("schools_historyentry"),
        append_only("schools_historypayload"),
        append_only("schools_historyroot"),
        append_only("schools_readentry"),
    ]
