"""Every rule names its article and has a test; docs/law.md says which, as scripts/law.py writes it."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RULES = '''"""Averages. Source: TT 22/2021/TT-BGDĐT Đ9."""

def average(marks):
    """TT 22/2021/TT-BGDĐT Đ9.1.b: the average."""

def level(marks):
    """The level (TT 22/2021 Đ9.2, Đ9.3; law.md §1.7)."""
'''
TESTS = """from records.rules import averages
from records.rules.facade import level

def of(given):
    return averages.average(given)

GROUPS = {"average": of}

def test_case():
    assert GROUPS["average"]([])

def test_level():
    assert level([])
"""


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("law", ROOT / "scripts" / "law.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tree(tmp_path):
    """A small project without a fault: two rules, one passed on by another module, one used through a table."""

    def written(path: str, text: str) -> Path:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
        return tmp_path

    written("records/rules/averages.py", RULES)
    written("records/rules/facade.py", "from records.rules.averages import level\n")
    written("tests/records/test_averages.py", TESTS)
    return written


def test_document_is_the_one_of_the_source(script):
    assert (ROOT / "docs" / "law.md").read_text(encoding="utf-8") == script.document(), "run scripts/law.py"


def test_every_rule_has_its_article_and_its_test(script):
    assert script.faults() == []


def test_what_is_left_out_is_still_there(script):
    for title in script.LEFT_OUT:
        path, name = title.split(": ")
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), title


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("TT 22/2021/TT-BGDĐT Đ9.1.b: x", [("TT 22/2021", "Đ9.1.b")]),
        ("(TT 22/2021 Đ9.1,\n    Đ9.2)", [("TT 22/2021", "Đ9.1"), ("TT 22/2021", "Đ9.2")]),
        ("TT 22/2021/TT-BGDĐT Đ12–Đ14", [("TT 22/2021", "Đ12–Đ14")]),
        ("TT 27/2020 of ĐTBmhk, Đ7.1.b; law.md §1.8.3.", [("TT 27/2020", "Đ7.1.b"), ("law.md", "§1.8.3")]),
        ("TT 32/2018, TT 13/2022", [("TT 32/2018", "cả văn bản"), ("TT 13/2022", "cả văn bản")]),
        ("Luật Căn cước 26/2023/QH15 Đ12", [("Luật 26/2023/QH15", "Đ12")]),
        ("NĐ 30/2020/NĐ-CP, Phụ lục I, for days", [("NĐ 30/2020", "Phụ lục I")]),
        ("QCVN 12:2026/BCA; law.md §6.4", [("QCVN 12:2026/BCA", "cả văn bản"), ("law.md", "§6.4")]),
        ("law.md names none; house; platform", []),
    ],
)
def test_citations_are_read(script, text, found):
    assert list(script.citations(text)) == found


def test_tree_without_fault_is_told_law_by_law(script, tree):
    root = tree("schools/rules/words.py", '"""No law."""\n\ndef shown():\n    """Words."""\n')
    assert script.faults(root) == []
    told = script.document(root)
    case = "`records/rules/averages.py: average` | `tests/records/test_averages.py: test_case` |"
    level = "`records/rules/averages.py: level` | `tests/records/test_averages.py: test_level` |"
    rows = [f"| Đ9.1.b | {case}", f"| Đ9.2 | {level}", f"| Đ9.3 | {level}"]
    assert "\n".join(["## TT 22/2021", "", "| Điều | Hàm | Kiểm tra |", "|---|---|---|", *rows]) in told
    assert told.endswith(f"| §1.7 | {level}\n")


def test_rule_without_article_is_told(script, tree):
    root = tree("records/rules/averages.py", f'{RULES}\ndef year(marks):\n    """The year."""\n')
    assert script.faults(root) == [
        "records/rules/averages.py: year không nêu điều nào: hãy dẫn điều trong docstring của hàm."
    ]


def test_article_without_test_is_told(script, tree):
    root = tree("tests/records/test_averages.py", TESTS.replace("assert level([])", "assert True"))
    assert script.faults(root) == [
        "records/rules/averages.py: level (TT 22/2021 Đ9.2, TT 22/2021 Đ9.3, law.md §1.7) chưa có kiểm tra nào."
    ]


def test_test_that_does_not_reach_the_rule_is_none_of_it(script, tree):
    root = tree("tests/records/test_averages.py", TESTS.replace('GROUPS["average"]([])', "[level]"))
    assert [fault.split(" (")[0] for fault in script.faults(root)] == ["records/rules/averages.py: average"]


def test_more_tests_than_three_are_counted(script, tree):
    more = "".join(f"\ndef test_more_{number}():\n    assert level([])\n" for number in range(4))
    told = script.document(tree("tests/records/test_averages.py", TESTS + more))
    assert "test_averages.py: test_level, test_more_0, test_more_1` … và 2 nữa |" in told


def test_rule_of_a_package_is_known_by_the_package(script, tree):
    tree(
        "records/rules/__init__.py",
        '"""Editions (law.md §0)."""\n\ndef edition(name):\n    """By its id (law.md §0)."""\n',
    )
    root = tree(
        "tests/records/test_editions.py", "from records.rules import edition\n\ndef test_it():\n    edition('')\n"
    )
    assert script.faults(root) == []
