"""How long a person waits for `flatbed --help`."""

import subprocess
import sys
from collections.abc import Iterator

from tests.benchmarks.measurement import Measurement, median_seconds

REPEATS = 7


def measure() -> Iterator[Measurement]:
    call = [sys.executable, "-c", "from api.cli.main import main; main(['--help'])"]
    yield Measurement(
        what="flatbed --help",
        figure=median_seconds(
            lambda: subprocess.run(call, check=True, capture_output=True), repeats=REPEATS
        ),
        unit="s",
        how=f"median of {REPEATS} fresh processes",
    )
