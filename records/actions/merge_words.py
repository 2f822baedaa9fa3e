"""A merge of two records in words: what of marks and pages moves, and why the records cannot be joined."""

from collections.abc import Iterable, Iterator

from records.actions.merge_pages import PagesPlan, living
from records.actions.merge_rows import HOMEROOM_PART, Held, Pair, RowsPlan, closed_windows
from records.models import BookPage
from records.rules.cells import shown_cell
from records.rules.columns import TEXT
from schools.models import Student

LONGEST_VALUE = 40
FIRST_CLASHES = 12
TURN = "Hãy bấm “Đổi chiều” để giữ lại hồ sơ kia"


# -- What moves -------------------------------------------------------------------------------------------------------
def rows_in_words(plan: RowsPlan) -> Iterator[str]:
    """A line for every period and class: “Học kì I, 2025–2026, lớp 7B: Toán (5 ô điểm); phần chủ nhiệm (2 ô)”."""
    moved = [(held, held.row.cells.keys()) for held in plan.moved if held.row.cells]
    closed = [one for one in moved if not one[0].is_open]
    united = [(pair.merged, pair.gained.keys()) for pair in plan.united]
    yield from _by_class([one for one in moved if one[0].is_open], "")
    yield from _by_class(closed, ", đã khóa, giữ nguyên như đã xác nhận")
    yield from _by_class(united, ", ghép vào sổ của hồ sơ giữ lại")
    left = [(pair.merged, pair.merged.row.cells.keys()) for pair in plan.left]
    yield from _by_class(left, ", để lại, không tính vì hồ sơ giữ lại đã có kết quả")


def _by_class(told: Iterable[tuple[Held, Iterable[str]]], note: str) -> Iterator[str]:
    lines: dict[str, list[str]] = {}
    for held, codes in told:
        lines.setdefault(f"{held.grid.period}, {held.place}", []).append(_amount(held, codes))
    for place, amounts in lines.items():
        yield f"{place}{note}: {'; '.join(amounts)}"


def _amount(held: Held, codes: Iterable[str]) -> str:
    cells, columns = list(codes), held.columns
    remarks = [code for code in cells if code in columns and columns[code].scale == TEXT]
    count = len(cells) - len(remarks)
    what = "ô" if held.name == HOMEROOM_PART else "ô điểm"
    parts = [*([f"{count} {what}"] if count else []), *(["nhận xét"] if remarks else [])]
    return f"{held.name} ({', '.join(parts)})"


def pages_in_words(plan: PagesPlan) -> Iterator[str]:
    """“Trang học bạ năm học 2025–2026: bản 1 (đã đóng dấu, phát hành)”; and the results of a year."""
    for page in plan.moved:
        versions = living(page)
        if versions:
            yield f"Trang học bạ năm học {page.school_year}: {_versions(page)}"
    for year in plan.moved_years:
        yield f"Kết quả cả năm {year.school_year}, lớp {year.school_class}"


def _versions(page: BookPage) -> str:
    return ", ".join(f"bản {one.number} ({one.get_state_display().lower()})" for one in living(page))


# -- Why not ----------------------------------------------------------------------------------------------------------
def row_obstacles(plan: RowsPlan, kept: Student, merged: Student) -> Iterator[str]:
    """What stands against joining the rows, naming student, subject, column and what to do."""
    name = kept.full_name
    for place, subjects in _by_place(plan.closed):
        yield (
            f"{name}, {place}: cả hai hồ sơ đều có kết quả đã khóa: {subjects}. Sổ mới xác nhận thì nhờ giáo viên "
            "rút xác nhận; lớp đã nộp thì nhờ hiệu trưởng trả lại lớp."
        )
    for place, subjects in _by_place(plan.turned):
        yield (
            f"{name}, {place}: hồ sơ giữ lại có dòng chưa thành kết quả, không ghép được với dòng của hồ sơ gộp vào: "
            f"{subjects}. {TURN}."
        )
    yield from _clashes(plan, kept, merged)
    for period in closed_windows(plan):
        yield f"{name}, {period}: phải ghép ô điểm mà đang ngoài hạn nhập. Nhờ hiệu trưởng mở hạn nhập rồi gộp."


def _by_place(pairs: list[Pair]) -> Iterator[tuple[str, str]]:
    found: dict[str, list[str]] = {}
    for pair in pairs:
        classes = dict.fromkeys((pair.kept.place, pair.merged.place))
        found.setdefault(f"{pair.merged.grid.period}, {' và '.join(classes)}", []).append(pair.merged.name)
    yield from ((place, "; ".join(subjects)) for place, subjects in found.items())


def _clashes(plan: RowsPlan, kept: Student, merged: Student) -> Iterator[str]:
    lines = [line for pair in plan.clashing for line in _clash(pair, kept, merged)]
    yield from lines[:FIRST_CLASHES]
    if len(lines) > FIRST_CLASHES:
        yield f"… và {len(lines) - FIRST_CLASHES} ô khác."
    if lines:
        yield "Hai hồ sơ ghi khác nhau thì giáo viên sửa hoặc xóa ô ở một bên cho khớp, rồi gộp."


def _clash(pair: Pair, kept: Student, merged: Student) -> Iterator[str]:
    columns = pair.merged.columns
    closed = "" if pair.kept.is_open else " (đã khóa)"
    codes = [*pair.differing, *([] if pair.kept.is_open and pair.differing else pair.gained)]
    for code in codes:
        column = columns[code]
        values = [_shown(held.row.cells.get(code, ""), column.scale) for held in (pair.kept, pair.merged)]
        yield (
            f"{kept.full_name}, {pair.merged.name}, {pair.merged.grid.period}, cột {column.name}: hồ sơ "
            f"{kept.student_code}{closed} ghi {values[0]}, hồ sơ {merged.student_code} ghi {values[1]}."
        )


def _shown(value: str, scale: str) -> str:
    shown = shown_cell(value, scale) or "(trống)"
    if scale == TEXT and value:
        return f"“{shown[:LONGEST_VALUE].strip()}…”" if len(shown) > LONGEST_VALUE else f"“{shown}”"
    return shown


def page_obstacles(plan: PagesPlan, student: Student) -> Iterator[str]:
    """What stands against joining the pages and years."""
    for kept, merged in plan.doubled:
        yield (
            f"{student.full_name}, năm học {kept.school_year}: cả hai hồ sơ đều có trang học bạ: {_versions(kept)} và "
            f"{_versions(merged)}. Một năm học chỉ có một trang: nhờ hiệu trưởng trả lại lớp để rút một bên."
        )
    for kept, _ in plan.turned:
        yield f"{student.full_name}, năm học {kept.school_year}: chỉ hồ sơ gộp vào có trang học bạ còn dùng. {TURN}."
    for year, _ in plan.doubled_years:
        yield f"{student.full_name}: cả hai hồ sơ đều có kết quả cả năm {year.school_year}."
    for year in plan.in_summer:
        yield (
            f"{student.full_name}, năm học {year.school_year}: hồ sơ gộp vào đang có kết quả trong hè chưa phát hành. "
            "Chốt, kí và phát hành trang sau kì nghỉ hè trước rồi gộp."
        )
