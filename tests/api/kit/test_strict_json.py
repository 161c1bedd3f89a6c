"""What two readers could understand in two ways is refused, and never quoted."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.kit.strict_json import DEPTH_MAX, INTEGER_MAX, BadJson, read_json

BAD = {
    "NaN": b'{"a": NaN}',
    "infinity": b"[-Infinity]",
    "beyond a double": b"[1e999]",
    "beyond a whole double": str(INTEGER_MAX + 1).encode(),
    "thousands of digits": b"9" * 5_000,
    "half a character": rb'["\ud800"]',
    "half a character as a name": rb'{"\udfff": 1}',
    "raw half a character": b'["\xed\xa0\x80"]',
    "NUL": rb'["a\u0000b"]',
    "raw control": b'["a\x01"]',
    "the same name twice": b'{"a": 1, "a": 2}',
    "deep": b"[" * (DEPTH_MAX + 1) + b"]" * (DEPTH_MAX + 1),
    "very deep": b"[" * 100_000,
    "deep objects": b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "a mark before it": '\ufeff{"a": 1}'.encode(),
    "latin-1": b'["\xe9"]',
    "two values": b"{} {}",
    "nothing": b"",
    "a comment": b"{} // x",
    "single quotes": b"{'a': 1}",
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_it_is_refused(body: bytes) -> None:
    """As an answer with a code: each of these was an error of 500 once, somewhere."""
    with pytest.raises(BadJson) as refused:
        read_json(body)
    assert len(str(refused.value)) < 100


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-INTEGER_MAX, INTEGER_MAX)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(JSON, st.booleans())
def test_plain_json_is_read_as_anybody_reads_it(value: object, ascii_only: bool) -> None:
    """Nothing that is allowed is lost, whichever way it is written."""
    assert read_json(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    """No other error for anything that a stranger sends."""
    try:
        read_json(body)
    except BadJson:
        return
    json.loads(body)
