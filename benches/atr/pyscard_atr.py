"""smartcard.ATR of pyscard over a file of ATRs: the least of some rounds."""
import contextlib
import io
import sys
import time
from importlib.metadata import version

from smartcard.ATR import ATR

with open(sys.argv[1], encoding="ascii") as file:
    atrs = [list(bytes.fromhex(line)) for line in file]


def least(rounds, ask):
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter_ns()
        for atr in atrs:
            try:
                ask(ATR(atr))
            except Exception:
                pass
        best = min(best, time.perf_counter_ns() - start)
    return best / len(atrs)


def as_text(atr):
    with contextlib.redirect_stdout(io.StringIO()):
        (atr.render if hasattr(atr, "render") else atr.dump)()


print(f"pyscard {version('pyscard')} ATR(): structure, TCK\t{least(10, lambda atr: None):.1f}")
print(f"pyscard {version('pyscard')} ATR() as text\t{least(5, as_text):.1f}")
