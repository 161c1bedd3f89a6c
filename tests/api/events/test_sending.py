"""One delivery over real connections: checked address, one deadline, no redirect, true names."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from api.events.relay.sending import HttpSender, Outcome
from api.events.relay.targets import Target
from tests.api.events.certificates import served_as
from tests.api.events.receivers import receiver

BODY = b'{"stream":"A","seq":1}'


def send(url: str, **named: object) -> Outcome:
    sender = HttpSender(**{"timeout_s": 5.0, "allow_loopback": True, **named})  # type: ignore[arg-type]
    parsed = httpx.URL(url)
    # Not read as endpoints are: names without TLS are only for these tests.
    target = Target(
        scheme=parsed.scheme,
        host=parsed.host,
        port=parsed.port or 443,
        path=parsed.raw_path.decode(),
    )
    return sender.send(target, {"webhook-id": "evt_1"}, BODY)


@contextmanager
def raw_server(talk: bytes, *, drip: bool = False) -> Iterator[int]:
    """A server that says `talk` to the first who comes, and then nothing; or says it for ever."""
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65_536)
            connection.sendall(talk)
            while drip and not ended.wait(0.02):
                try:
                    connection.sendall(b"x")
                except OSError:
                    return
            ended.wait(10)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        ended.set()
        thread.join()
        listener.close()


def test_headers_and_body_arrive() -> None:
    """As they were signed, byte for byte."""
    with receiver(lambda _: 202) as its:
        assert send(its.url) == Outcome(status=202)
    ((headers, body),) = its.came
    assert body == BODY
    assert headers["webhook-id"] == "evt_1"
    assert headers["host"] == its.url.removeprefix("http://").partition("/")[0]


def test_redirects_are_not_followed() -> None:
    """A redirect could lead inside; it is a failure that names its cure."""
    with receiver() as goal, receiver(lambda _: 307, location=goal.url) as its:
        outcome = send(its.url)
    assert (outcome.status, outcome.delivered) == (307, False)
    assert "redirect" in outcome.error
    assert goal.came == []


def test_retry_after_is_read() -> None:
    """In seconds; a date or nonsense counts as none."""
    with receiver(lambda _: 429, retry_after="120") as its:
        assert send(its.url).retry_after == timedelta(minutes=2)
    with receiver(lambda _: 429, retry_after="Fri, 04 Dec 2026 12:00:00 GMT") as its:
        assert send(its.url) == Outcome(status=429)


def test_a_name_that_leads_inside_is_not_connected_to() -> None:
    """The name looks public; its address is the metadata service's, or one of several is."""
    for addresses in (["169.254.169.254"], ["8.8.8.8", "10.0.0.1"]):
        outcome = send("https://orders.example/", resolve=lambda *_, a=addresses: a)
        assert "not a public address" in outcome.error


def test_loopback_is_closed_without_the_test_setting() -> None:
    """Even if something had let the URL through."""
    with receiver() as its:
        host, _, port = its.url.removeprefix("http://").partition("/")[0].partition(":")
        target = Target(scheme="http", host=host, port=int(port), path="/")
        outcome = HttpSender(timeout_s=5).send(target, {}, BODY)
    assert "not a public address" in outcome.error
    assert its.came == []


def test_a_name_is_resolved_once() -> None:
    """A name that means a public machine when it is checked and ours when it is used (DNS
    rebinding) never gets a second question."""
    asked: list[str] = []

    def rebinding(host: str, _: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    with receiver() as its:
        port = its.url.rpartition(":")[2]
        assert send(f"http://orders.example:{port}", resolve=rebinding).delivered
    assert asked == ["orders.example"]


def test_the_next_address_is_tried() -> None:
    """One of a receiver's machines may be down."""
    with receiver() as its:
        port = its.url.rpartition(":")[2]
        dead_first = ["127.0.0.2", "127.0.0.1"]
        assert send(f"http://orders.example:{port}", resolve=lambda *_: dead_first).delivered


@pytest.mark.parametrize(
    ("certified", "delivered"), [("orders.example", True), ("other.example", False)]
)
def test_the_certificate_is_that_of_the_name(
    certified: str, delivered: bool, tmp_path: Path
) -> None:
    """Connected to by address, certified by name: whoever answers there must be who was meant."""
    server, trust = served_as(certified, tmp_path)
    got = bytearray()
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        try:
            with server.wrap_socket(connection, server_side=True) as talk:
                while not got.endswith(BODY):
                    got.extend(talk.recv(65_536))
                talk.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        except (ssl.SSLError, OSError):
            return  # the client did not believe us

    thread = threading.Thread(target=serve)
    thread.start()
    url = f"https://orders.example:{listener.getsockname()[1]}/"
    outcome = send(url, resolve=lambda *_: ["127.0.0.1"], trust=trust)
    thread.join()
    listener.close()
    assert outcome.delivered is delivered
    assert delivered or "certificate" in outcome.error


@pytest.mark.parametrize(
    ("talk", "drip"), [(b"", False), (b"HTTP/1.1 200 OK\r\nx: ", True)], ids=["silent", "dripping"]
)
def test_a_receiver_cannot_hold_a_sender(talk: bytes, drip: bool) -> None:
    """The deadline is one for the whole delivery: a byte now and then does not renew it."""
    with raw_server(talk, drip=drip) as port:
        outcome = send(f"http://127.0.0.1:{port}/", timeout_s=0.3)
    assert not outcome.delivered
    assert "Timeout" in outcome.error


@pytest.mark.parametrize("talk", [b"nonsense\r\n\r\n", b"HTTP/1.1 2000 OK\r\n\r\n"])
def test_nonsense_is_a_failure_like_any_other(talk: bytes) -> None:
    """The relay goes on, whatever comes back."""
    with raw_server(talk) as port:
        assert not send(f"http://127.0.0.1:{port}/", timeout_s=2.0).delivered


def test_an_answer_counts_by_its_status_and_its_body_is_not_awaited() -> None:
    """A receiver that says 200 and then talks for ever has taken the event."""
    with raw_server(b"HTTP/1.1 200 OK\r\n\r\n", drip=True) as port:
        assert send(f"http://127.0.0.1:{port}/", timeout_s=2.0).delivered


def test_nobody_there_is_an_outcome_and_no_error() -> None:
    """A closed port, a name without an address."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    listener.close()
    assert send(f"http://127.0.0.1:{port}/").status is None
    assert "no address" in send("https://orders.example/", resolve=lambda *_: []).error

    def unknown(*_: object) -> Sequence[str]:
        raise socket.gaierror(-2, "Name or service not known")

    assert "gaierror" in send("https://orders.example/", resolve=unknown).error
