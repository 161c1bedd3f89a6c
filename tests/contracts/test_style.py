"""The part of the house style that a program can check and no linter does."""

import re

from tests.contracts.tree import FLOORS, ROOT, python_files, relative

MAX_LINES = 450
NAMELESS = {"utils", "util", "helpers", "common", "misc", "manager", "data", "info"}


def test_no_file_is_too_long_to_hold_in_the_head() -> None:
    """Aim for 150 lines, split at 400; 450 is the wall."""
    long = {
        relative(path): count
        for path in python_files(*FLOORS, "tests")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > MAX_LINES
    }
    assert long == {}


def test_every_file_and_folder_is_named_after_its_idea() -> None:
    """A drawer called `utils` collects what nobody wanted to think about."""
    named = {
        relative(path)
        for path in python_files(*FLOORS, "tests")
        if NAMELESS & set(path.relative_to(ROOT).with_suffix("").parts)
    }
    assert named == set()


def test_every_file_name_is_lower_case() -> None:
    """Nouns in lower case; some file systems cannot tell `Plan.py` from `plan.py`."""
    odd = [
        relative(path)
        for path in python_files(*FLOORS, "tests")
        if not re.fullmatch(r"_{0,2}[a-z0-9_]+", path.stem)
    ]
    assert odd == []


def test_every_silenced_type_error_has_a_code_and_a_reason() -> None:
    """`# type: ignore[arg-type]  # the stub of lib 1.2 forgets None`, never a bare one."""
    silencer = re.compile("# type: " + "ignore")
    explained = re.compile("# type: " + r"ignore\[[\w, -]+\]\s*(?:#|-)\s*\w{2,}")
    bare = [
        f"{relative(path)}:{number}"
        for path in python_files(*FLOORS)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if silencer.search(line) and not explained.search(line)
    ]
    assert bare == []


def test_nothing_is_left_to_be_done_later() -> None:
    """What is missing is said in docs/progress.md, where somebody reads it."""
    mark = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX)\b")
    left = [
        relative(path)
        for path in python_files(*FLOORS, "tests")
        if mark.search(path.read_text(encoding="utf-8"))
    ]
    assert left == []


def test_every_test_folder_is_a_package() -> None:
    """Without `__init__.py`, tests/routing would shadow routing itself."""
    folders = {path.parent for path in python_files("tests")}
    assert [relative(f) for f in sorted(folders) if not (f / "__init__.py").exists()] == []
