"""The rooms of the record, and what people have to do in them: shown by the frame and the home page of ``schools``."""

from collections.abc import Iterator, Mapping

from django.db.models import F
from django.urls import reverse
from django.utils.timezone import localtime

from records import permissions
from records.actions.page_checks import last_page_check
from records.models import ClassPeriod, MarkSheet, PageVersion
from records.models.boards import in_step, with_progress
from records.models.new_year import to_be_placed
from records.models.newcomers import with_newcomers
from records.models.own_cells import own_missing
from records.models.sheets import MarkSheetQuerySet
from records.models.summer_lists import held_taught, steps_of_summer
from schools.models import Role, SchoolYear, Student, User
from schools.rooms import Place, ToDo

ROOMS = (
    Place("sheet_list", "Sổ điểm", "pencil", permissions.teaches),
    Place("homeroom_list", "Chủ nhiệm", "users", permissions.leads_class),
    Place("review_list", "Duyệt, kí", "shield-check", permissions.reviews_classes),
    Place("book_room", "Học bạ", "book-open", permissions.reads_book),
)
SHEETS_TOLD = 12


def sheets_to_do(user: User) -> Iterator[ToDo]:
    """A teacher's sheets of the period that is open: confirmed ones that somebody new waits for, returned ones with the
    principal's reason, the others with what is missing; the first ones only, the list has them all."""
    year = SchoolYear.objects.current()
    taught = MarkSheet.objects.taught_by(user).filter(school_year=year)
    yield from _newcomers_to_do(taught)
    mine = taught.filter(state=MarkSheet.State.OPEN)
    open_now = mine.in_words().with_return().with_closing().exclude(closes_at=None)
    told = list(open_now.order_by(F("returned_because").asc(nulls_last=True), "school_class__name")[:SHEETS_TOLD])
    own = own_missing(told, user)
    for sheet in told:
        url, name = reverse("sheet", args=[sheet.public_id]), f"{sheet.subject}, lớp {sheet.school_class}"
        if sheet.returned_because:
            yield ToDo(f"{name} bị trả lại: {sheet.returned_because}", url, urgent=True)
        else:
            yield ToDo(f"{name}: {_what_is_empty(sheet, own)}", url)


def _what_is_empty(sheet: MarkSheet, own: Mapping[int, int]) -> str:
    """Where columns are shared out, the person's own first: those are what she can do something about."""
    if not sheet.missing:
        return "đã đủ điểm, chờ xác nhận"
    if sheet.pk not in own or own[sheet.pk] == sheet.missing:
        return f"còn {sheet.missing} ô trống"
    mine = f"cột của bạn còn {own[sheet.pk]} ô trống" if own[sheet.pk] else "cột của bạn đã đủ"
    return f"{mine} (cả sổ còn {sheet.missing})"


def _newcomers_to_do(taught: MarkSheetQuerySet) -> Iterator[ToDo]:
    for sheet in with_newcomers(taught).in_words().order_by("school_class__name", "id")[:SHEETS_TOLD]:
        words = f"{sheet.newcomers} em mới vào lớp chưa có điểm trong sổ: rút xác nhận để nhận điểm"
        url = reverse("sheet", args=[sheet.public_id])
        yield ToDo(f"Sổ {sheet.subject} lớp {sheet.school_class} đã xác nhận, nhưng {words}", url, urgent=True)


def homeroom_to_do(user: User) -> Iterator[ToDo]:
    """The homeroom class: returned, waiting for signatures, or still to be written."""
    mine = ClassPeriod.objects.led_by(user).filter(school_year=SchoolYear.objects.current())
    for one in with_progress(mine.in_words().select_related("last_move").in_order()):
        url = reverse("homeroom", args=[one.public_id])
        if one.state == ClassPeriod.State.RETURNED:
            yield ToDo(f"Lớp {one.school_class} bị trả lại: {one.last_move.reason}", url, urgent=True)
        elif one.state == ClassPeriod.State.SUBMITTED and one.pages_waiting:
            yield ToDo(f"Lớp {one.school_class}: {one.pages_waiting} trang chờ bạn kí", url, urgent=True)
        elif one.state == ClassPeriod.State.OPEN:
            words = f"còn {one.missing} ô trống" if one.missing else "đã đủ"
            done = f"{one.sheets_confirmed}/{one.sheets_made} sổ đã xác nhận"
            yield ToDo(f"Chủ nhiệm lớp {one.school_class}: {words}; {done}", url)


def review_to_do(user: User) -> Iterator[ToDo]:
    """Classes whose pages the homeroom teacher has signed wait for the principal."""
    ready = in_step(with_progress(ClassPeriod.objects.signed_by(user)), "cho-duyet").count()
    if ready:
        yield ToDo(f"{ready} lớp chờ bạn duyệt và kí", reverse("review_list") + "?buoc=cho-duyet", urgent=True)


def seal_to_do(user: User) -> Iterator[ToDo]:
    """Signed-off classes wait for the seal."""
    schools = user.standing.schools_as(Role.CLERK)
    count = in_step(with_progress(ClassPeriod.objects.in_use().filter(school__in=schools)), "cho-dong-dau").count()
    if count:
        yield ToDo(f"{count} lớp chờ đóng dấu, phát hành", reverse("review_list") + "?buoc=cho-dong-dau", urgent=True)


def summer_to_do(user: User) -> Iterator[ToDo]:
    """Students whose year waits for the summer, told to whoever has the next step with them."""
    url = reverse("summer_list")
    led, mine = steps_of_summer(ClassPeriod.objects.led_by(user)), len(held_taught(user))
    decided = steps_of_summer(ClassPeriod.objects.signed_by(user))
    clerk = ClassPeriod.objects.in_use().filter(school__in=user.standing.schools_as(Role.CLERK))
    told = (
        (led[""], "học sinh lớp bạn chủ nhiệm chờ kết quả trong hè", False),
        (mine, "học sinh chờ bạn đánh giá lại môn học trong hè", False),
        (led[PageVersion.State.PREPARED], "trang sau kì nghỉ hè chờ bạn kí", True),
        (decided[PageVersion.State.BY_HOMEROOM], "trang sau kì nghỉ hè chờ bạn duyệt và kí", True),
        (steps_of_summer(clerk)[PageVersion.State.BY_PRINCIPAL], "trang sau kì nghỉ hè chờ đóng dấu", True),
    )
    yield from (ToDo(f"{count} {words}", url, urgent=urgent) for count, words, urgent in told if count)


def new_year_to_do(user: User) -> Iterator[ToDo]:
    """Students whose year is over and approved, and who are in no class of the next one."""
    count = to_be_placed(user.standing.schools_as(Role.CLERK))
    if count:
        yield ToDo(f"{count} học sinh đã có kết quả cả năm, chưa xếp lớp năm học mới", reverse("new_year"))


def family_to_do(user: User) -> Iterator[ToDo]:
    """A family is led to each child's book, and told of a page that has been issued this year."""
    for child in Student.objects.family_of(user).only("public_id", "full_name"):
        yield ToDo(f"Xem học bạ của {child.full_name}", reverse("book", args=[child.public_id]))
    year = SchoolYear.objects.current()
    for version in PageVersion.objects.newest_of_family(user, year):
        student = version.page.student
        words = f"Học bạ {version.class_period.period.name} của {student.full_name} đã phát hành"
        yield ToDo(words, reverse("book", args=[student.public_id]))


def operator_to_do(user: User) -> Iterator[ToDo]:
    """Whoever runs the system hears of files of pages that are missing or not as they were signed."""
    check = last_page_check()
    if check and not check.holds:
        words = "Tệp học bạ: đã quá hai ngày không kiểm tra được"
        if check.faults:
            words = (
                f"Tệp học bạ: {check.faults} tệp thiếu hoặc khác lúc kí (kiểm tra {localtime(check.at):%H:%M %d/%m})"
            )
        yield ToDo(words, reverse("guide", args=["van-hanh"]), urgent=True)


PARTS = (
    ((Role.TEACHER, Role.PRINCIPAL, Role.VICE_PRINCIPAL), homeroom_to_do),
    ((Role.TEACHER, Role.PRINCIPAL, Role.VICE_PRINCIPAL), sheets_to_do),
    ((Role.PRINCIPAL, Role.VICE_PRINCIPAL, Role.TEACHER), review_to_do),
    ((Role.CLERK,), seal_to_do),
    ((Role.CLERK,), new_year_to_do),
    ((Role.TEACHER, Role.PRINCIPAL, Role.VICE_PRINCIPAL, Role.CLERK), summer_to_do),
    ((Role.OPERATOR,), operator_to_do),
    ((), family_to_do),
)
