"""Run every benchmark, or those named: `python -m tests.benchmarks startup matrix`."""

import sys
from importlib import import_module
from pathlib import Path


def main(wanted: list[str]) -> int:
    """Print one line per measurement; exit code 2 for a name nobody has."""
    folder = Path(__file__).parent
    known = sorted(path.stem.removeprefix("bench_") for path in folder.glob("bench_*.py"))
    if unknown := sorted(set(wanted) - set(known)):
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    for name in wanted or known:
        for found in import_module(f"tests.benchmarks.bench_{name}").measure():
            figure = f"{found.figure:,.3f} {found.unit}"
            print(f"{found.what:<40} {figure:>16}  {found.how}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
