"""`flatbed geo locate` as the order system's own program meets it: a pipe that stays open."""

import io
import json
import os
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from api.cli.address_lines import LINE_BYTES, read_lines
from geodata.corrections import Correction, CorrectionKind, Corrections
from geodata.places import Point
from tests.api.cli.process import FLATBED, PATIENCE_S, Ended, flatbed, flatbed_here
from tests.contracts.tree import ROOT

KEYS = {
    "status", "county_code", "county_name", "township", "lat", "lon", "radius_m", "confidence",
    "candidates", "why",
}  # fmt: skip

LINES = {
    "ok": "江苏省苏州市吴江区盛泽镇舜湖西路8号".encode(),
    "old name": "吴江市盛泽镇".encode(),
    "ambiguous": "鼓楼区".encode(),
    "empty": b"",
    "not UTF-8": b"\xbd\xad\xcb\xd5\xca\xa1\xcb\xd5\xd6\xdd\xca\xd0\xce\xe2\xbd\xad\xc7\xf8",
    "half UTF-8": "江苏省苏州市吴江区".encode()[:-1],
    "a zero byte": b"\x00",
    "words": "火星".encode(),
}


@pytest.fixture(scope="module")
def answers(geo_cache: Path) -> Ended:
    """One process reads every kind of line; its last one has no line end."""
    return flatbed("geo", "locate", "--json", given=b"\n".join(LINES.values()))


def answer_of(ended: Ended, kind: str) -> dict[str, object]:
    found = ended.answers[list(LINES).index(kind)]
    assert isinstance(found, dict)
    return found


def test_every_line_gets_one_object_with_every_key(answers: Ended) -> None:
    """Line n of the answer belongs to line n of the question, whatever stands there."""
    assert answers.code == 0
    assert [set(row) for row in answers.answers] == [KEYS] * len(LINES)


@pytest.mark.parametrize("kind", ["ok", "old name"])
def test_a_located_address_has_county_point_and_radius(answers: Ended, kind: str) -> None:
    """Today's county also for a name of 2011."""
    row = answer_of(answers, kind)
    assert row["status"] == "ok"
    assert row["county_code"] == "320509"
    assert row["county_name"] == "江苏省苏州市吴江区"
    assert row["candidates"] == []
    assert isinstance(row["radius_m"], int)
    assert row["radius_m"] > 0


def test_an_ambiguous_address_names_its_candidates_and_no_point(answers: Ended) -> None:
    """Never a guess: a person chooses."""
    row = answer_of(answers, "ambiguous")
    assert row["status"] == "ambiguous"
    assert row["county_code"] is row["lat"] is row["lon"] is row["radius_m"] is None
    assert {"county_code": "320106", "county_name": "江苏省南京市鼓楼区"} in row["candidates"]  # type: ignore[operator]  # a list of JSON


@pytest.mark.parametrize("kind", ["empty", "not UTF-8", "half UTF-8", "a zero byte", "words"])
def test_what_cannot_be_read_is_unknown(answers: Ended, kind: str) -> None:
    """GB18030 bytes, half a character or nothing at all: no crash and no half-read place."""
    row = answer_of(answers, kind)
    assert row["status"] == "unknown"
    assert row["county_code"] is None
    assert row["why"]


@pytest.fixture
def open_pipe(geo_cache: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A running `geo locate --json` whose stdin stays open."""
    with subprocess.Popen(
        [*FLATBED, "geo", "locate", "--json"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        yield process
        process.kill()


def test_each_line_is_answered_while_the_pipe_stays_open(
    open_pipe: subprocess.Popen[bytes],
) -> None:
    """A shop asks when a buyer types; an answer that waits for the end of input never comes."""
    assert open_pipe.stdin is not None
    assert open_pipe.stdout is not None
    for text, status in (("河南省郑州市中牟县官渡镇", "ok"), ("鼓楼区", "ambiguous")):
        open_pipe.stdin.write(f"{text}\r\n".encode())
        open_pipe.stdin.flush()
        assert json.loads(open_pipe.stdout.readline())["status"] == status
    open_pipe.stdin.close()
    assert open_pipe.stdout.read() == b""
    assert open_pipe.wait(PATIENCE_S) == 0


@pytest.mark.usefixtures("geo_cache")
def test_addresses_may_stand_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    """One address by hand needs no pipe; bytes that are no UTF-8 do not crash there either."""
    bytes_of_a_shell = os.fsdecode(b"\xbd\xad")
    ended = flatbed_here(capsys, "geo", "locate", "--json", "河南省郑州市中牟县", bytes_of_a_shell)
    assert [row["status"] for row in ended.answers] == ["ok", "unknown"]


READABLE = {
    "zh": ("公里", "有歧义", "查不到"),
    "en": ("km", "ambiguous", "unknown"),
}


@pytest.mark.usefixtures("geo_cache")
@pytest.mark.parametrize("lang", READABLE)
def test_people_read_one_line_an_address_in_their_language(
    lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Chinese or English; nothing in an address may steer the terminal."""
    addresses = ("河南省郑州市中牟县", "鼓楼区", "\x1b[31m火星")
    lines = flatbed_here(capsys, "geo", "locate", "--lang", lang, *addresses).out.splitlines()
    assert [word in line for word, line in zip(READABLE[lang], lines, strict=True)] == [True] * 3
    assert "河南省郑州市中牟县" in lines[0]
    assert "江苏省南京市鼓楼区" in lines[1]
    assert "\x1b" not in lines[2]


@pytest.mark.usefixtures("geo_cache")
def test_a_remembered_correction_wins(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The dispatcher said once which 鼓楼区 it is; that is remembered."""
    word = Correction(
        kind=CorrectionKind.DISPATCHER,
        point=Point(lat=32.07, lon=118.77),
        county_code="320106",
        radius_m=800,
        noted_on=date(2026, 11, 1),
    )
    file = tmp_path / "corrections.json"
    Corrections().remember("鼓楼区", word).save(file)
    ended = flatbed_here(capsys, "geo", "locate", "--json", "--corrections", str(file), "鼓楼区")
    assert ended.answer["status"] == "ok"
    assert ended.answer["county_name"] == "江苏省南京市鼓楼区"
    assert ended.answer["radius_m"] == 800


def test_a_corrections_file_that_is_none_is_named_and_ends_with_three(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A damaged memory must not be taken for an empty one."""
    file = tmp_path / "c.json"
    file.write_text("[]", encoding="utf-8")
    ended = flatbed_here(capsys, "geo", "locate", "--json", "--corrections", str(file), "鼓楼区")
    assert ended.code == 3
    assert "c.json" in ended.answer["error"]["message"]


def test_a_line_without_an_end_cannot_fill_the_memory() -> None:
    """Only the beginning of a line is kept; the next line is still the next line."""
    stream = io.BytesIO(b"\xef\xbb\xbf" + b"a" * (3 * LINE_BYTES) + b"\nb\r\n\nc")
    lines = list(read_lines(stream))
    assert lines == ["a" * (LINE_BYTES - 3), "b", "", "c"]
