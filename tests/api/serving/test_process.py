"""`flatbed serve` as a real process: it starts on nothing, serves, and ends in order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.api.cli.process import PATIENCE_S, flatbed_here
from tests.contracts.tree import ROOT


@contextmanager
def serving(folder: Path, *args: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start it on any free port, wait until it is ready; kill what is left at the end."""
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "api.cli", "serve", "--port", "0", *args],
            cwd=ROOT,
            env={**os.environ, "FLATBED_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                if httpx.get(f"{url}/readyz").status_code == 200:
                    break
            except httpx.TransportError:
                assert time.monotonic() < deadline and process.poll() is None
            time.sleep(0.05)
        yield process, url
    finally:
        process.kill()
        process.wait()


def test_from_an_empty_folder_to_an_orderly_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key is made beside the running process; a request under way is answered at the end."""
    monkeypatch.setenv("FLATBED_DATA_DIR", str(tmp_path))
    with serving(tmp_path) as (process, url):
        made = flatbed_here(capsys, "keys", "create", "--tenant", "acme", "--client", "shop")
        headers = {"Authorization": f"Bearer {made.out.strip()}"}
        assert httpx.get(f"{url}/v1/key", headers=headers).json()["client"] == "shop"
        assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
        answers: list[int] = []

        def slow() -> None:
            def body() -> Iterator[bytes]:
                yield b'{"hold_id": '
                process.send_signal(signal.SIGTERM)
                time.sleep(0.3)
                yield b'"promise_00000000000000000000000000000000"}'

            sent = httpx.post(
                f"{url}/v1/bookings",
                content=body(),
                headers={
                    **headers,
                    "Idempotency-Key": "k",
                    "Content-Type": "application/json",
                },
            )
            answers.append(sent.status_code)

        asking = threading.Thread(target=slow)
        asking.start()
        asking.join(PATIENCE_S)
        assert process.wait(PATIENCE_S) == 0
        assert answers == [404]
    log = (tmp_path / "log").read_text()
    assert "Traceback" not in log and made.out.strip() not in log


def test_an_address_that_is_taken_is_told(tmp_path: Path) -> None:
    """In a sentence and with an exit code, before anything else is opened."""
    with serving(tmp_path) as (_, url):
        port = url.rpartition(":")[2]
        second = subprocess.run(
            [sys.executable, "-m", "api.cli", "serve", "--port", port],
            cwd=ROOT,
            env={**os.environ, "FLATBED_DATA_DIR": str(tmp_path / "other")},
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )
    assert second.returncode == 1 and "flatbed: " in second.stderr
    assert "Traceback" not in second.stderr
    assert not (tmp_path / "other").exists()
