"""`python -m benchmarks [name …]`: run the benchmarks and print the figures with machine and versions."""

from __future__ import annotations

import sys
import time

from benchmarks import (
    acknowledge,
    boards,
    desk,
    emulator,
    flood,
    memory,
    orders_at_scale,
    replies,
    slow_clients,
    worst_cases,
)
from benchmarks.setting import machine

BENCHMARKS = {
    "acknowledge": acknowledge,
    "replies": replies,
    "memory": memory,
    "desk": desk,
    "emulator": emulator,
    "orders_at_scale": orders_at_scale,
    "boards": boards,
    "slow_clients": slow_clients,
    "flood": flood,
    "worst_cases": worst_cases,
}


def main(names: list[str]) -> int:
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        print(f"No benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}.", file=sys.stderr)
        return 2
    print(machine.described())
    for name in names or BENCHMARKS:
        began = time.monotonic()
        print(f"\n{name}: {(BENCHMARKS[name].__doc__ or '').strip().splitlines()[0]}")
        for row in BENCHMARKS[name].measure():
            print(f"  {row}", flush=True)
        print(f"  ({time.monotonic() - began:.0f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main([name.replace("-", "_") for name in sys.argv[1:]]))
