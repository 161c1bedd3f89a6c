"""A Dask scheduler and workers of this machine, each a process in an empty folder of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]


@contextmanager
def dask_cluster(workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Start them; yields the address and the processes of the workers; ends them all."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    with ExitStack() as stack:
        _start(stack, "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
        started = [
            _start(
                stack, "worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard",
                "--memory-limit", "0",
            )
            for _ in range(workers)
        ]  # fmt: skip
        yield address, started


def _start(stack: ExitStack, *words: str) -> subprocess.Popen[bytes]:
    folder = stack.enter_context(TemporaryDirectory())
    process = subprocess.Popen(
        [sys.executable, "-m", "dask", *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    stack.callback(process.wait)
    stack.callback(process.kill)
    return process
