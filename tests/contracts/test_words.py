"""Nothing in the repository names the machine it was written on or the place it installs from."""

import re

import pytest

from tests.contracts.tree import relative, text_files

# Each is put together here, so that this file does not contain what it forbids.
FORBIDDEN = {
    "a package registry": "|".join(
        re.escape(".".join(parts))
        for parts in (
            ("pypi", "org"),
            ("files", "pythonhosted", "org"),
            ("registry", "npmjs", "org"),
            ("crates", "io"),
            ("proxy", "golang", "org"),
            ("repo", "maven", "apache", "org"),
        )
    ),
    "an index or a wheel folder": "--(?:extra-)?index"
    + "-url(?![`\\w])|--find"
    + "-links(?![`\\w])",
    "a path of one machine": r"(?<![\w.:/-])/" + "(?:work|root|home|tmp|opt)/[a-z]",
    "a key or a password": "BEGIN [A-Z ]*PRIVATE" + " KEY",
}


@pytest.mark.parametrize("pattern", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_no_file_contains(pattern: str) -> None:
    """A clone must build anywhere, from whatever index its owner uses."""
    found = [
        f"{relative(path)}:{text.count(chr(10), 0, match.start()) + 1}: {match.group()}"
        for path, text in text_files()
        for match in re.finditer(pattern, text)
    ]
    assert found == []
