"""An uploaded list: previewed, confirmed or dropped."""

from dataclasses import dataclass

from django.db import IntegrityError, OperationalError
from django.utils import timezone

from hocbaso.lib.vietnamese import normal
from schools.actions.imports.assignments import plan_assignments
from schools.actions.imports.plans import Plan, PreviewOutdated, refused_rows
from schools.actions.imports.staff import plan_staff
from schools.actions.imports.students import plan_students
from schools.actions.refusals import NotAllowed, Refused, WrongState
from schools.models import ListImport, School, SchoolYear, User
from schools.models.recording import recorded
from schools.permissions import may_import
from schools.rules.tables import Table

LEAST_REASON = 10
Kind, State = ListImport.Kind, ListImport.State
ACTIONS = {Kind.STUDENTS: "import_students", Kind.STAFF: "import_staff", Kind.ASSIGNMENTS: "import_assignments"}


@dataclass(frozen=True)
class Confirmed:
    """What a person confirms: the plan with this digest, why, and that the unusual was looked at."""

    digest: str
    reason: str
    checked: bool


class NotChecked(Refused):
    """The list has rows to check, and nobody has said that they were looked at."""


def preview_import(
    *, by: User, school: School, year: SchoolYear, kind: str, table: Table, file_name: str, makes_classes: bool = False
) -> ListImport:
    """Keep an uploaded list until it is confirmed or dropped; nothing of it is written yet. An earlier one of the same
    person, school and kind that still waits is dropped. NotAllowed, WrongState for a closed year (law.md §5.6)."""
    _refuse_unfit(by, school, year, kind)
    made = ListImport(
        kind=kind, school=school, school_year=year, uploaded_by=by, file_name=normal(file_name)[-255:],
        sheet_name=table.sheet[:60], makes_classes=makes_classes, columns=[*table.columns], ignored=[*table.ignored],
        rows=[[row.number, row.cells] for row in table.rows],
    )  # fmt: skip
    plan = planned(made)
    made.digest, made.counts = plan.digest, plan.counts
    with recorded(by, "preview_import", method="imported", chains=[("SCHOOL", school.pk)]):
        ListImport.objects.waiting().filter(school=school, kind=kind, uploaded_by=by).update(
            state=State.CANCELLED, rows=[]
        )
        made.save()
    return made


def planned(list_import: ListImport) -> Plan:
    """What the list would do now. The same function makes the preview and the import."""
    school, year, table = list_import.school, list_import.school_year, list_import.table
    if list_import.kind == Kind.STUDENTS:
        return plan_students(school=school, year=year, table=table, makes_classes=list_import.makes_classes)
    if list_import.kind == Kind.STAFF:
        return plan_staff(school=school, table=table)
    return plan_assignments(school=school, year=year, table=table)


def apply_import(
    *, by: User, list_import: ListImport, digest: str, reason: str = "", checked: bool = False
) -> ListImport:
    """Write exactly what was previewed: ``digest`` is that of the plan the person saw. One transaction for all accepted
    rows; the refused ones are kept for download. NotAllowed; WrongState when it was decided before; PreviewOutdated
    when the plan is another one by now; Refused when nothing is to be written, or a reason is missing; NotChecked
    when it has rows to check (law.md §5.6)."""
    _refuse_unfit(by, list_import.school, list_import.school_year, list_import.kind)
    _refuse_decided(list_import)
    confirmed = Confirmed(digest, reason.strip(), checked)
    try:
        return _apply(by, list_import, confirmed)
    except (IntegrityError, OperationalError) as error:
        # Somebody stored the same code, phone or user name in this very moment, or two waited for each other.
        if planned(list_import).digest != digest:
            raise PreviewOutdated from error
        return _apply(by, list_import, confirmed)


def _apply(by: User, list_import: ListImport, confirmed: Confirmed) -> ListImport:
    chains = planned(list_import).chains
    action = ACTIONS[Kind(list_import.kind)]
    with recorded(by, action, method="imported", reason=confirmed.reason, chains=sorted(chains)):
        current = ListImport.objects.select_for_update().get(pk=list_import.pk)
        _refuse_decided(current)
        plan = planned(current)
        _refuse_plan(plan, confirmed, chains)
        plan.write(by)
        _close(current, plan)
    return current


def cancel_import(*, by: User, list_import: ListImport) -> ListImport:
    """Drop a list that waits: its rows are forgotten. NotAllowed, WrongState."""
    if not may_import(by, list_import.kind, list_import.school):
        raise NotAllowed
    with recorded(by, "cancel_import", chains=[("SCHOOL", list_import.school_id)]):
        current = ListImport.objects.select_for_update().get(pk=list_import.pk)
        _refuse_decided(current)
        current.state, current.rows = State.CANCELLED, []
        current.save(update_fields=["state", "rows"])
    return current


def refused_of(list_import: ListImport) -> list[list[object]]:
    """[row number, cells, why] of the refused rows: as they were when the list was imported, else as they are now."""
    if list_import.is_waiting:
        return refused_rows(planned(list_import), list_import.table.rows)
    return list(list_import.refused)


def _refuse_unfit(by: User, school: School, year: SchoolYear, kind: str) -> None:
    if not may_import(by, kind, school):
        raise NotAllowed
    if year.closed_at is not None:
        raise WrongState(f"Năm học {year.label} đã đóng, không nhập được nữa.")


def _refuse_decided(list_import: ListImport) -> None:
    if list_import.state == State.EXPIRED:
        raise WrongState(
            f"Danh sách “{list_import.file_name}” chờ quá {list_import.days_kept} ngày nên nội dung đã xóa. "
            "Hãy tải tệp lên lại."
        )
    if not list_import.is_waiting:
        done = "đã nhập" if list_import.state == State.APPLIED else "đã hủy"
        raise WrongState(f"Danh sách “{list_import.file_name}” {done} rồi. Không nhập lần nữa.")


def _refuse_plan(plan: Plan, confirmed: Confirmed, chains: set[tuple[str, int]]) -> None:
    if plan.digest != confirmed.digest or not plan.chains <= chains:
        raise PreviewOutdated
    if not plan.accepted:
        raise Refused("Không có dòng nào để nhập.")
    if plan.needs_reason and len(confirmed.reason) < LEAST_REASON:
        raise Refused(
            "Danh sách sửa họ tên, mã, số định danh hoặc ngày sinh của học sinh đã có: phải ghi lí do "
            f"(ít nhất {LEAST_REASON} kí tự)."
        )
    if plan.needs_check and not confirmed.checked:
        raise NotChecked("Danh sách có dòng cần kiểm tra: hãy xem rồi chọn “Tôi đã xem các dòng cần kiểm tra”.")


def _close(list_import: ListImport, plan: Plan) -> None:
    list_import.refused = refused_rows(plan, list_import.table.rows)
    list_import.state, list_import.applied_at = State.APPLIED, timezone.now()
    list_import.rows, list_import.counts, list_import.digest = [], plan.counts, plan.digest
    list_import.save(update_fields=["refused", "state", "applied_at", "rows", "counts", "digest"])
