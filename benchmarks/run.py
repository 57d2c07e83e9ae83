"""What do all the measurements say? One table: ours, theirs, and how many times faster.

    python -m benchmarks.run [NAME ...]    all that can run here, or the named files of this folder

Everything runs on one thread. A peer that is not installed is named with the line that installs it (see README.md).
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"

import importlib
import sys
import warnings

from rich.console import Console
from rich.table import Table

from benchmarks.measure import NotInstalled, Row

NAMES = ("import_time", "env_steps", "two_players", "countdown", "rollouts", "train_step", "generation", "search")
COLUMNS = ("what", "unit", "ours", "peer", "theirs", "ratio (lowest to highest)", "to reach")


def main() -> None:
    warnings.simplefilter("ignore")  # the peers', mostly of their own dependencies
    table = Table(*COLUMNS)
    missing = []
    for name in sys.argv[1:] or NAMES:
        print(f"{name} ...", file=sys.stderr)
        try:
            for row in importlib.import_module(f"benchmarks.{name}").rows():
                if isinstance(row, Row):
                    table.add_row(*row.cells())
                else:
                    missing.append(f"{name}: {row}")
        except NotInstalled as absent:
            missing.append(f"{name}: {absent}")
    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(table)
    for line in missing:
        console.print(line, highlight=False, markup=False)


if __name__ == "__main__":
    main()
