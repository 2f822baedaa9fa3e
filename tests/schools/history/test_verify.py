"""The check of the history, with real tampering: whoever can switch off the triggers cannot do it unseen."""

import base64
import subprocess
from datetime import date, timedelta
from io import StringIO
from threading import Barrier, Thread

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from schools.actions.history import anchor_history, public_key, verify_history
from schools.models import HistoryEntry, HistoryRoot, Student
from schools.models.recording import recorded
from tests.cast import make_cast

TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.FILES_ROOT = tmp_path


def tamper(owner_dsn: str, *statements: str) -> None:
    tables = ("schools_student", "schools_historyentry", "schools_historypayload", "schools_historyroot")
    with psycopg.connect(owner_dsn) as owner:
        for table in tables:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        owner.commit()
        for statement in statements:
            owner.execute(statement)
        owner.commit()
        for table in tables:
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_untouched_history_is_whole(cast):
    report = verify_history()
    assert report.faults == []
    assert (report.chains, report.entries, report.rows) == (
        HistoryEntry.objects.values("chain").distinct().count(),
        HistoryEntry.objects.count(),
        sum(len(entry.digests) for entry in HistoryEntry.objects.all()),
    )


def test_odd_characters_hash_the_same_in_both_languages(cast):
    odd = 'Dòng 1\nDòng 2\t"trích" \\ \x01\x7f € 𝄞 \u2028 </script>'
    with recorded(cast.clerk, "test", reason=odd):
        Student.objects.filter(pk=cast.student.pk).update(address=odd)
    assert verify_history().faults == []


def test_check_does_not_depend_on_the_time_zone_of_the_session(cast):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'Pacific/Auckland'")
        cursor.execute("SET LOCAL DateStyle = 'German'")
        with recorded(cast.clerk, "test"):
            Student.objects.filter(pk=cast.student.pk).update(created_at="2026-01-01T00:00:00Z")
        cursor.execute("SET LOCAL TIME ZONE 'Asia/Ho_Chi_Minh'")
        cursor.execute("SET LOCAL DateStyle = 'ISO'")
        assert verify_history().faults == []


LAST = "(SELECT max(id) FROM schools_historyentry WHERE \"table\" = 'schools_student')"


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (f"UPDATE schools_historypayload SET payload = '{{}}' WHERE entry_id = {LAST}", "nội dung đã bị thay đổi"),
        (f"DELETE FROM schools_historypayload WHERE entry_id = {LAST}", "nội dung đã bị thay đổi"),
        (f"UPDATE schools_historyentry SET actor_id = NULL, reason = 'khác' WHERE id = {LAST}", "mã băm không khớp"),
        (f"UPDATE schools_historyentry SET at = at + interval '1 hour' WHERE id = {LAST}", "mã băm không khớp"),
        ("DELETE FROM schools_historypayload WHERE entry_id = (SELECT min(id) FROM schools_historyentry); "
         "DELETE FROM schools_historyentry WHERE id = (SELECT min(id) FROM schools_historyentry)", "thiếu mục 1"),
        ("UPDATE schools_historychain SET seq = seq + 1 WHERE kind = 'PROVINCE'", "đầu chuỗi không khớp"),
    ],
    ids=["payload", "payload-gone", "actor", "time", "entry-gone", "head"],
)  # fmt: skip
def test_tampering_is_found(transactional_db, owner_dsn, statement, fault):
    make_cast()
    tamper(owner_dsn, statement)
    assert any(fault in found for found in verify_history().faults)


def test_cut_off_tail_is_found_by_the_anchor_and_by_the_rows_it_told_of(transactional_db, owner_dsn):
    """Whoever rewrites tail and head leaves a whole chain; the root that was signed before tells, and the rows do."""
    make_cast()
    anchor_history(on=TODAY)
    chain = "(SELECT id FROM schools_historychain WHERE kind = 'PROVINCE')"
    tail = f"(SELECT max(id) FROM schools_historyentry WHERE chain_id = {chain})"
    tamper(
        owner_dsn,
        f"DELETE FROM schools_historypayload WHERE entry_id = {tail}",
        f"DELETE FROM schools_historyentry WHERE id = {tail}",
        f"UPDATE schools_historychain c SET (seq, head) = (SELECT seq, hash FROM schools_historyentry e "
        f"WHERE e.chain_id = c.id ORDER BY seq DESC LIMIT 1) WHERE id = {chain}",
    )
    anchor, rows = verify_history().faults
    assert "đã neo" in anchor
    assert "schools_roleassignment" in rows


ROW = "(SELECT id FROM schools_student WHERE student_code = '0000000001')"


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE schools_student SET full_name = 'Khác' WHERE id = {ROW}",
        f"UPDATE schools_student SET address = 'Khác' WHERE id = {ROW}",
        f"UPDATE schools_student SET father_name = NULL WHERE id = {ROW}",
    ],
)
@pytest.mark.parametrize("edits", [0, 2])
def test_row_changed_past_the_triggers_is_found(transactional_db, owner_dsn, statement, edits):
    cast = make_cast()
    for number in range(edits):
        with recorded(cast.clerk, "test"):
            Student.objects.filter(student_code="0000000001").update(address=f"Số {number}", mother_name="Bà")
    assert verify_history().faults == []
    tamper(owner_dsn, "ALTER TABLE schools_student ALTER father_name DROP NOT NULL", statement)
    assert verify_history().faults == [
        f"schools_student, dòng {Student.objects.get(student_code='0000000001').pk}: khác với lịch sử, hoặc mất."
    ]


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE schools_historyroot SET signature = decode(repeat('00', 64), 'hex')", "chữ kí không hợp lệ"),
        ("UPDATE schools_historyroot SET heads = '{}'", "mã gốc không khớp"),
    ],
)
def test_forged_root_is_found(transactional_db, owner_dsn, statement, fault):
    make_cast()
    anchor_history(on=TODAY)
    tamper(owner_dsn, statement)
    assert any(fault in found for found in verify_history().faults)


def test_roots_hang_together_over_days(cast, tmp_path):
    first = anchor_history(on=TODAY)
    with recorded(cast.clerk, "test"):
        Student.objects.filter(pk=cast.student.pk).update(address="Mới")
    second = anchor_history(on=TODAY + timedelta(days=1))
    assert len(first.heads) > 1
    assert len(second.heads) == 1
    assert anchor_history(on=TODAY + timedelta(days=1)) is None
    assert HistoryRoot.objects.count() == 2
    report = verify_history()
    assert (report.roots, report.faults) == (2, [])
    assert sorted(path.name for path in (tmp_path / "history-roots").iterdir()) == [
        "2026-11-23.json",
        "2026-11-24.json",
    ]


def test_root_of_an_earlier_key_needs_its_public_key(cast, settings):
    anchor_history(on=TODAY)
    earlier = public_key()
    settings.HISTORY_KEY = base64.b64encode(b"n" * 32).decode()
    assert [fault for fault in verify_history().faults if "chữ kí không hợp lệ" in fault]
    settings.HISTORY_PUBLIC_KEYS = [earlier]
    assert verify_history().faults == []


def test_root_is_signed_as_openssl_sees_it(cast, tmp_path):
    """An independent program agrees: the file beside the data is enough to check the signature."""
    import json

    anchor_history(on=TODAY)
    laid = json.loads((tmp_path / "history-roots" / "2026-11-23.json").read_text())
    prefix = bytes.fromhex("302a300506032b6570032100")
    (tmp_path / "key.der").write_bytes(prefix + bytes.fromhex(laid["public_key"]))
    (tmp_path / "root").write_bytes(bytes.fromhex(laid["root"]))
    (tmp_path / "signature").write_bytes(bytes.fromhex(laid["signature"]))
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key.der", "-rawin"]
    done = subprocess.run(
        [*command, "-in", "root", "-sigfile", "signature"], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_command_says_so_and_exits_1(transactional_db, owner_dsn):
    make_cast()
    out = StringIO()
    call_command("verify_history", stdout=out)
    assert out.getvalue().endswith("Lịch sử toàn vẹn.\n")
    tamper(owner_dsn, "UPDATE schools_historyentry SET reason = 'x' WHERE seq = 1")
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_history", stdout=out)
    assert stopped.value.code == 1


def test_many_writers_in_crossing_order_leave_whole_chains(transactional_db):
    """Eight writers change students of two schools in opposite orders: no deadlock, no gap, nothing lost."""
    cast = make_cast()
    barrier, failures = Barrier(8), []
    chains = [("SCHOOL", cast.school.pk), ("SCHOOL", cast.other_school.pk)]

    def write(number: int) -> None:
        students = [cast.student.pk, cast.other_student.pk][:: 1 if number % 2 else -1]
        try:
            barrier.wait()
            for turn in range(5):
                with recorded(cast.clerk, "test", chains=chains):
                    for student in students:
                        Student.objects.filter(pk=student).update(address=f"{number}.{turn}")
        except Exception as failure:  # noqa: BLE001 - told to the main thread
            failures.append(failure)
        finally:
            connection.close()

    threads = [Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert verify_history().faults == []
    assert HistoryEntry.objects.filter(action="test").count() == 8 * 5 * 2
