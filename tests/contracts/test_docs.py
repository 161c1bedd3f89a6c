"""Documents that lie fail the build."""

import re
from pathlib import Path

import pytest

from api.cli.registry import ENTRIES, Entry, load
from tests.contracts.commands import PRESENT
from tests.contracts.tree import ROOT, all_files, relative

CLI_PAGE = ROOT / "docs" / "cli.md"


def test_every_command_has_its_module() -> None:
    """`--help` must not promise what cannot be called."""
    assert [entry.name for entry in ENTRIES if entry not in PRESENT] == []


def spoken_words(name: str, command: object) -> set[str]:
    """Every `flatbed ...` line and every long option of a command, groups unfolded."""
    words = {f"flatbed {name}"}
    for parameter in getattr(command, "params", ()):
        words |= {option for option in parameter.opts if option.startswith("--")}
        words |= {option for option in parameter.secondary_opts if option.startswith("--")}
    for child, below in getattr(command, "commands", {}).items():
        words |= spoken_words(f"{name} {child}", below)
    return words - {"--help"}


@pytest.mark.parametrize("entry", PRESENT, ids=lambda entry: entry.name)
def test_every_command_and_option_is_documented(entry: Entry) -> None:
    """Commands and options are promises; an undocumented one cannot be kept on purpose."""
    page = CLI_PAGE.read_text(encoding="utf-8")
    words = spoken_words(entry.name, load(entry))
    assert {word for word in words if not re.search(rf"{re.escape(word)}(?![\w-])", page)} == set()


def markdown_pages() -> list[Path]:
    return [path for path in all_files() if path.suffix == ".md"]


@pytest.mark.parametrize("page", markdown_pages(), ids=relative)
def test_every_internal_link_resolves(page: Path) -> None:
    """A link to a file or a heading of this repository must lead there."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    broken = []
    for target in re.findall(r"\[[^\]]*\]\(([^)\s]+)[^)]*\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, heading = target.partition("#")
        goal = (page.parent / file).resolve() if file else page
        if not goal.exists() or (heading and heading not in headings(goal)):
            broken.append(target)
    assert broken == []


def test_every_document_is_on_the_index() -> None:
    """A page nobody links is a page nobody reads, and nobody mends."""
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    linked = set(re.findall(r"\]\(([^)#]+)", index))
    pages = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    # progress.md is the builders' own log
    assert pages - linked - {"index.md", "progress.md"} == set()


def headings(page: Path) -> set[str]:
    """The anchors of a page, as common Markdown renderers make them."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "docs/index.md"])
def test_every_make_target_that_is_named_exists(name: str) -> None:
    """The first thing a newcomer types must work."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    text = (ROOT / name).read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^ {4}|`)make ([a-z]+)", text, flags=re.MULTILINE))
    assert named <= targets


@pytest.mark.parametrize("name", ["README.md", "docs/index.md", "docs/cli.md"])
def test_every_flatbed_command_that_is_named_exists(name: str) -> None:
    """A command that was renamed must be renamed wherever people read it."""
    text = (ROOT / name).read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^ {4}|^\$ |`)flatbed ([a-z][a-z-]*)", text, flags=re.MULTILINE))
    assert named <= {entry.name for entry in ENTRIES}


def test_the_changelog_has_a_place_for_the_next_change() -> None:
    """A change lands with its line; the section it goes to must be there, and not be empty."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    section = re.search(r"^## Unreleased\n(.+?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert section is not None
    assert re.search(r"^- ", section.group(1), re.MULTILINE)
