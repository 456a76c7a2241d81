#!/usr/bin/env python3
"""Runs the cases: run.py [--only NAME] [--at-once N] [BINARY]; without BINARY, $CARDWRIGHT is it.

Each case has its outcome on a line: `ok`, `FAILS`, or `SKIPPED` where it cannot be tried. `CASES_CARDS` is the number of
cards in a long list, `CASES_SLOW` multiplies the limits of time, and `CASES_TRACE=1` prints where an unforeseen error was.
"""

import argparse
import concurrent.futures
import multiprocessing
import os
import sys
import time
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import kit  # noqa: E402
import table  # noqa: E402


def run(name, binary):
    """Runs a case in a world of its own. Returns its verdict, the rest of its line, and how long it took."""
    case = next(case for case in table.CASES if case.name == name)
    world, start = kit.World(binary), time.monotonic()
    try:
        case.run(world)
        verdict, said = "ok", name
    except kit.Skip as why:
        verdict, said = "SKIPPED", f"{name}: {why}"
    except kit.Wrong as wrong:
        verdict, said = "FAILS", f"{name}: got {wrong.got}, right is {wrong.right} ({case.why})"
    except kit.Refused as refused:
        verdict, said = "FAILS", f"{name}: got no server ({refused.result}), right is one ({case.why})"
    except Exception as error:  # an error of the case, or an answer that no case foresees
        verdict, said = "FAILS", f"{name}: got {error!r}, right is an answer that can be read ({case.why})"
        if os.environ.get("CASES_TRACE"):
            traceback.print_exc()
    finally:
        world.close()
    return verdict, said, time.monotonic() - start


def outcomes(cases, binary, at_once):
    """The outcomes of all cases: first of those that may run beside others, then of the rest, one by one."""
    shared = [case.name for case in cases if not case.is_alone]
    if shared:
        # Processes, not threads: a case may fork, or limit the child that it starts.
        context = multiprocessing.get_context("spawn")
        with concurrent.futures.ProcessPoolExecutor(at_once, mp_context=context) as pool:
            yield from pool.map(run, shared, [binary] * len(shared))
    for case in cases:
        if case.is_alone:
            yield run(case.name, binary)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", help="the cases whose name holds this")
    parser.add_argument("--list", action="store_true", help="print names and why, and run nothing")
    parser.add_argument("--times", action="store_true", help="print how long each case took")
    parser.add_argument("--at-once", type=int, default=1, help="how many cases run at once, if nothing is measured")
    parser.add_argument("binary", nargs="?", default=os.environ.get("CARDWRIGHT"))
    given = parser.parse_args()
    cases = [case for case in table.CASES if not given.only or given.only in case.name]
    if given.list:
        for case in cases:
            print(f"{case.name}: {case.why}")
        return 0
    if not given.binary:
        parser.error("name the binary, or set CARDWRIGHT")
    binary = str(Path(given.binary).resolve())
    count = {"ok": 0, "FAILS": 0, "SKIPPED": 0}
    for verdict, said, seconds in outcomes(cases, binary, given.at_once):
        count[verdict] += 1
        print(f"{verdict} {said}" + (f"  [{seconds:.1f} s]" if given.times else ""), flush=True)
    print("{ok} passed, {FAILS} failed, {SKIPPED} skipped".format(**count))
    return 1 if count["FAILS"] else 0


if __name__ == "__main__":
    sys.exit(main())
