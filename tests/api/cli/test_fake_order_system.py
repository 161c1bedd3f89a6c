"""`flatbed fake-order-system` against a running Flatbed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.keys.scopes import Scope
from api.kit.db import Database
from tests.api.cli.process import flatbed_here
from tests.api.fake_orders.towns import town


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    file = tmp_path / "orders.json"
    file.write_text('[{"order_id": "SO-1"}, {"order_id": "SO-2"}]', encoding="utf-8")
    return file


def test_it_sells_and_compares(
    database: Database, rows: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the feed alone, with a key that may not register a webhook."""
    with town(database) as its:
        key = its.site.key(scopes=(Scope.READ, Scope.ORDER_WRITE))
        ran = flatbed_here(
            capsys, "fake-order-system", its.url, "--key", key, "--orders", str(rows), "--json"
        )
    assert ran.code == 0, ran.err
    # The server runs in this process, too, and writes its log above the answer.
    told = json.loads(ran.out.splitlines()[-1])
    assert sum(told["orders"].values()) == 2
    assert told["webhook_refused"] == "scope-missing"
    assert (told["by_webhook"], told["differences"]) == (0, [])
    assert told["by_feed"] >= 1


def test_a_flatbed_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    """Is said in a line."""
    away = flatbed_here(capsys, "fake-order-system", "http://127.0.0.1:9", "--key", "k")
    assert away.code == 1
    assert away.err.startswith("flatbed: http://127.0.0.1:9")


@pytest.mark.parametrize("listen", ["8080", "here:x", "here:99999"])
def test_what_cannot_be_listened_at(listen: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Is a wrong usage."""
    args = ("fake-order-system", "http://127.0.0.1:9", "--key", "k", "--listen", listen)
    assert flatbed_here(capsys, *args).code == 2
