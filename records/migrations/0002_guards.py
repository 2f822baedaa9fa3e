"""The record is closed and its history kept by the database itself."""

from django.db import migrations

from records.models.guards import DROP_GUARDS, GUARDS
from schools.models.history_sql import CLASS_CHAIN, SCHOOL_CHAIN, Chain, never_updated, record

OF_STUDENT = "r.student_id"


def class_of(table: str, key: str) -> Chain:
    """The chain of the class that the row's ``key`` leads to through ``table``."""
    return Chain("CLASS", f"(SELECT x.school_class_id FROM {table} x WHERE x.id = r.{key})")


BY_CLASS_PERIOD = class_of("records_classperiod", "class_period_id")
BY_VERSION = class_of("records_pageversion", "version_id")
BY_ORDER = Chain(
    "CLASS",
    "(SELECT c.school_class_id FROM records_signingorder o JOIN records_classperiod c ON c.id = o.class_period_id "
    "WHERE o.id = r.order_id)",
)
BY_KEY_HOLDER = Chain(
    "SCHOOL", "coalesce(r.school_id, (SELECT u.school_id FROM schools_user u WHERE u.id = r.user_id))"
)
STUDENT_OF_PAGE = "(SELECT p.student_id FROM records_bookpage p WHERE p.id = r.page_id)"
STUDENT_OF_VERSION = (
    "(SELECT p.student_id FROM records_pageversion v JOIN records_bookpage p ON p.id = v.page_id "
    "WHERE v.id = r.version_id)"
)


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]

    operations = [
        migrations.RunSQL(GUARDS, DROP_GUARDS),
        record("records_marksheet", CLASS_CHAIN, ignored=("change_no", "missing")),
        record("records_markrow", class_of("records_marksheet", "sheet_id"), ignored=("version",), student=OF_STUDENT),
        record("records_sheetconfirmation", class_of("records_marksheet", "sheet_id")),
        record("records_classperiod", CLASS_CHAIN, ignored=("change_no", "missing")),
        record("records_periodrecord", BY_CLASS_PERIOD, ignored=("version",), student=OF_STUDENT),
        record("records_yearrecord", CLASS_CHAIN, student=OF_STUDENT),
        record("records_signoff", BY_CLASS_PERIOD),
        never_updated("records_signoff"),
        record("records_bookpage", SCHOOL_CHAIN, student=OF_STUDENT),
        record("records_pageversion", CLASS_CHAIN, hidden=("snapshot",), student=STUDENT_OF_PAGE),
        record("records_signingkey", BY_KEY_HOLDER, hidden=("locked",)),
        record("records_signingorder", BY_CLASS_PERIOD, hidden=("salt",)),
        record("records_signingitem", BY_ORDER, student=STUDENT_OF_VERSION),
        record("records_signature", BY_VERSION, student=STUDENT_OF_VERSION),
        never_updated("records_signature"),
    ]
