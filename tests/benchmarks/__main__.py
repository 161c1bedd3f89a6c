"""Run every benchmark, or those named: `python -m tests.benchmarks startup matrix`.

`engines` may be told more: `python -m tests.benchmarks engines --short --data DIR --results DIR`.
"""

import argparse
import sys
from collections.abc import Iterable
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from tests.benchmarks.measurement import Measurement
from tests.benchmarks.options import Options


def main(words: list[str]) -> int:
    """Print one line per measurement; exit code 2 for a name nobody has."""
    folder = Path(__file__).parent
    known = sorted(path.stem.removeprefix("bench_") for path in folder.glob("bench_*.py"))
    names, options = _parse(words)
    if unknown := sorted(set(names) - set(known)):
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    for name in names or known:
        for found in _measure(name, options):
            figure = f"{found.figure:,.3f} {found.unit}"
            print(f"{found.what:<40} {figure:>16}  {found.how}", flush=True)
    return 0


def _measure(name: str, options: Options) -> Iterable[Measurement]:
    """Most benchmarks have nothing to choose; one that has takes the options."""
    module = import_module(f"tests.benchmarks.bench_{name}")
    found: Iterable[Measurement] = (
        module.measure_with(options) if hasattr(module, "measure_with") else module.measure()
    )
    return found


def _parse(words: list[str]) -> tuple[list[str], Options]:
    default = Options()
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("names", nargs="*", help="benchmarks; default: all")
    parser.add_argument("--short", action="store_true", help="engines: minutes instead of hours")
    parser.add_argument("--cpu", action="store_true", help="engines: seconds of the processor")
    parser.add_argument("--routes", type=int, default=default.routes, help="equality: how many")
    parser.add_argument("--data", type=Path, default=default.data, help="public instances")
    parser.add_argument("--results", type=Path, default=default.results, help="rows are kept here")
    read = parser.parse_args(words)
    options = {name: value for name, value in vars(read).items() if name != "names"}
    return read.names, replace(default, **options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
