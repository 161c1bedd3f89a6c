"""`flatbed webhooks`: an endpoint is registered, tested, listed, and told once more."""

from __future__ import annotations

from pathlib import Path

import pytest
from standardwebhooks import Webhook

from tests.api.cli.process import flatbed_here
from tests.api.events.receivers import receiver


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    monkeypatch.setenv("FLATBED_DATA_DIR", str(tmp_path))
    return ("--tenant", "acme", "--database", f"sqlite:///{tmp_path / 'book.db'}")


def test_registering_shows_the_secret_and_sends_a_signed_test(
    at: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """The receiver verifies the test with the secret that was printed."""
    with receiver() as its:
        args = ("webhooks", "register", its.url, "--insecure-loopback", "--json", *at)
        made = flatbed_here(capsys, *args).answer
        assert made["test"] == {"delivered": True, "status": 200, "error": ""}
        ((headers, body),) = its.came
        message = Webhook(made["secret"]).verify(body, dict(headers))
        assert message["type"] == "webhook.test.v1"
        where = (made["endpoint_id"], *at)
        tested = flatbed_here(capsys, "webhooks", "test", "--insecure-loopback", *where)
        assert (tested.code, tested.out) == (0, "delivered, 200\n")
    listed = flatbed_here(capsys, "webhooks", "list", "--json", *at)
    (row,) = listed.answer["endpoints"]
    assert (row["endpoint_id"], row["status"], row["due"]) == (made["endpoint_id"], "active", 0)
    assert made["secret"] not in listed.out
    assert "0 dead" in flatbed_here(capsys, "webhooks", "list", *at).out
    replayed = flatbed_here(capsys, "webhooks", "replay", "--json", *where)
    assert replayed.answer == {"replayed": 0}


def test_a_receiver_that_says_no_fails_the_test(
    at: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """The endpoint is registered all the same: its owner mends the receiver and tests again."""
    with receiver(lambda _: 401) as its:
        args = ("webhooks", "register", its.url, "--insecure-loopback", *at)
        made = flatbed_here(capsys, *args)
        assert made.code == 0
        assert made.out.startswith("whsec_")
        assert "answered 401" in made.err
        (row,) = flatbed_here(capsys, "webhooks", "list", "--json", *at).answer["endpoints"]
        tested = flatbed_here(
            capsys, "webhooks", "test", row["endpoint_id"], "--insecure-loopback", *at
        )
        assert tested.code == 1
        assert "answered 401" in tested.err


@pytest.mark.parametrize(
    "args",
    [
        ("register", "http://127.0.0.1/"),
        ("register", "https://127.0.0.1/"),
        ("register", "https://orders.example/", "--topics", "booking.invented.v1"),
        ("test", "endpoint_0"),
        ("replay", "endpoint_0"),
    ],
)
def test_what_cannot_be_is_refused(
    args: tuple[str, ...], at: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """With a line that says why, and no traceback."""
    refused = flatbed_here(capsys, "webhooks", *args, *at)
    assert refused.code != 0
    assert refused.err.startswith("flatbed: ")
