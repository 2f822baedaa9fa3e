"""Writes docs/law.md: for each article the functions that hold it, and the tests that hold the functions.

The source is read, never run. A rule is a public function of records/rules or schools/rules; its docstring names its
articles (“TT 22/2021/TT-BGDĐT Đ9.1.b”, “law.md §1.4”). A module whose own docstring names no law is no home of rules:
there only the functions that cite are rules. A test covers a rule when its function, or what that uses within its
module, uses the rule by the name under which the module imports it. The output is committed, and a test compares.

    .venv/bin/python scripts/law.py
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parent.parent
SOURCES: Final = ("records/rules", "schools/rules")
SHOWN_TESTS: Final = 3
WHOLE: Final = "cả văn bản"
DEFAULTS: Final = "law.md"

# Public functions beside rules that hold no law themselves, each with the reason.
LEFT_OUT: Final[dict[str, str]] = {
    "records/rules/columns.py: read": "form of storage: the inverse of stored",
    "records/rules/columns.py: stored": "form of storage: a dataclass as JSON",
    "schools/rules/calendar.py: why_not_a_day_of_service": "a guard against slips of the finger, as it says itself",
    "schools/rules/chain.py: sha256": "the hash itself; what is hashed say the functions that use it",
    "schools/rules/column_codes.py: codes_in_words": "words for codes; which codes there are says codes_of",
    "schools/rules/column_codes.py: in_order": "order of codes; which codes there are says codes_of",
    "schools/rules/column_codes.py: read_codes": "spellings of everyday use; which codes there are says codes_of",
    "schools/rules/headings.py: folded": "text without case, diacritics and signs",
    "schools/rules/identity.py: phone_number": "spellings of phone numbers: no law of records names one",
}

LAW: Final = re.compile(
    r"(?<!\w)(?:(?P<decree>TT|NĐ) (?P<number>\d+/\d{4})(?:/[A-ZĐ-]+)?|Luật (?:[^\W\d]+ ){0,4}?(?P<act>\d+/\d{4}/QH\d+)"
    r"|(?:QĐ|Quyết định) (?P<decision>\d[\w/-]*[A-ZĐ])|QCVN (?P<standard>\d+:\d{4}/[A-Z]+)|(?P<defaults>law\.md))"
)
_POINT: Final = r"\d+(?:\.\d+)*(?:\.[a-zđ]\b)?"
ARTICLE: Final = re.compile(rf"(?<!\w)Đ{_POINT}(?:–Đ?{_POINT})?|§{_POINT}(?:–{_POINT})?|Phụ lục(?: (?:[IVX]+|\d+)\b)?")
ORDER: Final = ("TT 22/2021", "TT 27/2020", "TT 32/2018", "TT 20/2021", "TT 13/2022", "TT 17/2025")
KINDS: Final = ("TT", "Luật", "NĐ", "QĐ", "QCVN", DEFAULTS)
INTRO: Final = """# Căn cứ pháp luật: điều – hàm – kiểm tra

Tệp này sinh tự động bằng scripts/law.py; đừng sửa tay. Mỗi dòng là một điều của văn bản, hàm thực hiện điều đó (theo
lời dẫn trong docstring của hàm) và các kiểm tra dùng đến hàm. `Đ9.2.a` là Điều 9, khoản 2, điểm a; “cả văn bản” là
lời dẫn không nêu điều. `law.md` là bản tóm tắt pháp luật của dự án: nơi ghi cách hiểu và mặc định khi văn bản để ngỏ.
"""


class Rule(NamedTuple):
    """A public function that holds law: where it stands, its (law, article) pairs, and its (file, test) pairs."""

    path: str
    name: str
    articles: tuple[tuple[str, str], ...]
    tests: tuple[tuple[str, str], ...]

    @property
    def title(self) -> str:
        return f"{self.path}: {self.name}"


def rules(root: Path = ROOT) -> list[Rule]:
    """Every rule of the tree, also one that names no article or that no test uses: ``faults`` tells of those."""
    trees = dict(_trees(root, [file for folder in SOURCES for file in root.glob(f"{folder}/*.py")]))
    tests = _tests_by_function(root, trees)
    found = []
    for path, tree in trees.items():
        of_law = bool(citations(ast.get_docstring(tree) or ""))
        for function in _public(tree):
            articles = citations(ast.get_docstring(function) or "")
            holding = tests.get(f"{_dotted_module(path)}.{function.name}", [])
            rule = Rule(path, function.name, articles, tuple(holding))
            if (of_law or rule.articles) and rule.title not in LEFT_OUT:
                found.append(rule)
    return found


def citations(text: str) -> tuple[tuple[str, str], ...]:
    """(law, article) in the order of the text: an article belongs to the law named last; a law alone is cited whole.
    The project's own law.md is no law without a section."""
    text = " ".join(text.split())
    named = list(LAW.finditer(text))
    found: list[tuple[str, str]] = []
    for law, following in zip(named, [*named, None][1:], strict=True):
        articles = ARTICLE.findall(text[law.end() : following.start() if following else len(text)])
        name = _law_name(law)
        found += [(name, article) for article in articles if article.startswith("§") == (name == DEFAULTS)]
        if not articles and name != DEFAULTS:
            found.append((name, WHOLE))
    return tuple(dict.fromkeys(found))


def _law_name(law: re.Match[str]) -> str:
    if law["decree"]:
        return f"{law['decree']} {law['number']}"
    kinds = {"Luật": law["act"], "QĐ": law["decision"], "QCVN": law["standard"]}
    return next((f"{kind} {number}" for kind, number in kinds.items() if number), DEFAULTS)


def faults(root: Path = ROOT) -> list[str]:
    """What is missing, in sentences: a rule that names no article, and one whose articles no test holds."""
    found = []
    for rule in rules(root):
        if not rule.articles:
            found.append(f"{rule.title} không nêu điều nào: hãy dẫn điều trong docstring của hàm.")
        elif not rule.tests:
            articles = ", ".join(f"{law} {article}" for law, article in rule.articles)
            found.append(f"{rule.title} ({articles}) chưa có kiểm tra nào.")
    return found


def document(root: Path = ROOT) -> str:
    """The text of docs/law.md: a section for each law, a row for each article and function."""
    rows = [(law, article, rule) for rule in rules(root) for law, article in rule.articles]
    sections = [INTRO]
    for law in sorted({law for law, _, _ in rows}, key=_law_order):
        lines = [f"## {law}{' – cách hiểu và mặc định' if law == DEFAULTS else ''}", ""]
        lines += ["| Điều | Hàm | Kiểm tra |", "|---|---|---|"]
        own = [(article, rule) for other, article, rule in rows if other == law]
        for article, rule in sorted(own, key=lambda row: (_natural(row[0]), row[1].title)):
            lines.append(f"| {article} | `{rule.title}` | {_tests_in_words(rule.tests)} |")
        sections.append("\n".join(lines) + "\n")
    return "\n".join(sections)


def _tests_in_words(tests: Iterable[tuple[str, str]]) -> str:
    by_file: dict[str, list[str]] = {}
    for path, name in tests:
        by_file.setdefault(path, []).append(name)
    told = []
    for path, names in by_file.items():
        more = f" … và {len(names) - SHOWN_TESTS} nữa" if len(names) > SHOWN_TESTS else ""
        told.append(f"`{path}: {', '.join(names[:SHOWN_TESTS])}`{more}")
    return "<br>".join(told) or "—"


def _law_order(law: str) -> tuple[int, int, list[tuple[int, int, str]]]:
    known = ORDER.index(law) if law in ORDER else len(ORDER)
    return KINDS.index(law.split(" ", 1)[0]), known, _natural(law)


def _natural(text: str) -> list[tuple[int, int, str]]:
    """Đ5.3 before Đ12; a law as a whole before its articles, an appendix after them."""
    if text == WHOLE:
        return []
    parts = re.findall(r"\d+|[^\d.]+", text.removeprefix("Đ").removeprefix("§"))
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts]


def _trees(root: Path, files: Iterable[Path]) -> Iterator[tuple[str, ast.Module]]:
    for file in sorted(files):
        yield file.relative_to(root).as_posix(), ast.parse(file.read_text(encoding="utf-8"))


def _public(tree: ast.Module) -> list[ast.FunctionDef]:
    """The public functions of a module, without the stubs that only tell types."""
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    stubs = {"overload", "typing.overload"}
    return [node for node in functions if not stubs & {ast.unparse(one) for one in node.decorator_list}]


def _origin(dotted: str, passed_on: Mapping[str, Mapping[str, str]]) -> str:
    """Where a name is defined, followed through the modules that pass it on (records/rules/tt22.py)."""
    module, _, name = dotted.rpartition(".")
    onward = passed_on.get(module, {}).get(name)
    # A package that imports a module of its own passes on what is that module already.
    return _origin(onward, passed_on) if onward and onward != dotted else dotted


def _imported(tree: ast.Module) -> dict[str, str]:
    """Name in the module → dotted path of what it imports, also where a function imports for itself."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
        elif isinstance(node, ast.Import):
            for one in node.names:
                first = one.name.split(".")[0]
                found[one.asname or first] = one.name if one.asname else first
    return found


def _tests_by_function(root: Path, trees: Mapping[str, ast.Module]) -> dict[str, list[tuple[str, str]]]:
    """Dotted path of what tests use → those tests as (file, test), in the order of files and of lines."""
    passed_on = {_dotted_module(path): _imported(tree) for path, tree in trees.items()}
    found: dict[str, list[tuple[str, str]]] = {}
    for path, tree in _trees(root, root.glob("tests/**/*.py")):
        imports, definitions = _imported(tree), _definitions(tree)
        for test in (name for name in definitions if name.startswith("test_")):
            for dotted in {_origin(one, passed_on) for one in _reached(test, definitions, imports)}:
                found.setdefault(dotted, []).append((path, test))
    return found


def _dotted_module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _definitions(tree: ast.Module) -> dict[str, list[ast.stmt]]:
    """What a test module defines at its top: functions, classes, tables; several statements may build one table."""
    found: dict[str, list[ast.stmt]] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.setdefault(node.name, []).append(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            stored = [one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)]
            for name in stored:
                found.setdefault(name, []).append(node)
    return found


def _reached(start: str, definitions: Mapping[str, list[ast.stmt]], imports: Mapping[str, str]) -> set[str]:
    """The dotted paths that a definition uses, itself or through others of its module (fixtures are arguments)."""
    used: set[str] = set()
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for node in definitions[name]:
            paths, arguments = _used(node)
            used |= {_dotted(path, imports) for path in paths if path.split(".")[0] in imports}
            waiting += [one for one in {path.split(".")[0] for path in paths} | arguments if one in definitions]
    return used


def _dotted(path: str, imports: Mapping[str, str]) -> str:
    first, dot, rest = path.partition(".")
    return f"{imports[first]}{dot}{rest}"


def _used(node: ast.stmt) -> tuple[set[str], set[str]]:
    """(names and dotted names that are read and are not the statement's own variables, its arguments)."""
    parts = list(ast.walk(node))
    arguments = {one.arg for one in parts if isinstance(one, ast.arg)}
    own = arguments | {one.id for one in parts if isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load)}
    read = [one for one in parts if isinstance(one, ast.Name | ast.Attribute) and isinstance(one.ctx, ast.Load)]
    paths = {ast.unparse(one) for one in read}
    return {path for path in paths if re.fullmatch(r"[\w.]+", path) and path.split(".")[0] not in own}, arguments


if __name__ == "__main__":
    (ROOT / "docs" / "law.md").write_text(document(), encoding="utf-8")
