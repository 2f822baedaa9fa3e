"""The hash chain computed by hand: what an entry, its rows and the head before it come to."""

from hashlib import sha256

from schools.rules.chain import entry_hash, genesis, month_digest, payload_digest, root_hash

HEADER = ["class", 7, 1, "Lớp 7A", None]


def test_chain_begins_with_its_own_name():
    assert genesis("class", 7) == sha256(b"class:7").digest()
    assert len({genesis("class", 7), genesis("class", 8), genesis("school", 7)}) == 3


def test_row_is_digested_behind_its_salt():
    assert payload_digest(b"salt", '{"a": "Đ"}') == sha256('salt{"a": "Đ"}'.encode()).digest()


def test_entry_vouches_for_the_entry_before_it_its_header_and_its_rows():
    before, row = genesis("class", 7), payload_digest(b"salt", "{}")
    header = sha256('["class", 7, 1, "Lớp 7A", null]'.encode()).digest()
    assert entry_hash(before, HEADER, [row]) == sha256(before + header + sha256(row).digest()).digest()


def test_entry_changes_with_every_part_of_it():
    before, row = genesis("class", 7), payload_digest(b"salt", "{}")
    entries = [
        entry_hash(before, HEADER, [row]),
        entry_hash(genesis("class", 8), HEADER, [row]),
        entry_hash(before, [*HEADER[:-1], "x"], [row]),
        entry_hash(before, HEADER, [row, row]),
        entry_hash(before, HEADER, []),
    ]
    assert len(set(entries)) == len(entries)


DAYS = {"2026-11-02": (3, "bb"), "2026-11-01": (1, "aa")}


def test_root_is_over_the_heads_by_their_numbers_behind_the_root_before():
    leaves = b"2:5:ff\n10:1:ee\n"
    assert root_hash(b"before", {"10": (1, "ee"), "2": (5, "ff")}) == sha256(b"before" + leaves).digest()


def test_root_tells_up_to_which_day_looks_are_rooted_and_each_day():
    days = b"2026-11-01:1:aa\n2026-11-02:3:bb\n"
    assert root_hash(b"", {}, ("2026-11-02", DAYS)) == sha256(b"reads:2026-11-02\n" + days).digest()
    assert root_hash(b"", {}, ("2026-11-02", {})) != root_hash(b"", {})


def test_month_has_one_digest_over_its_days_in_their_order():
    assert month_digest(DAYS) == sha256(b"2026-11-01:1:aa\n2026-11-02:3:bb\n").hexdigest()
    assert month_digest(dict(reversed(DAYS.items()))) == month_digest(DAYS)
