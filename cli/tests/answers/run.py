#!/usr/bin/env python3
"""run.py [--only NAME] [--list] BINARY: runs the cases; NAME is a case, a family, or a part of a name."""
import argparse
import concurrent.futures
import importlib
import os
import sys
import time

import world

FAMILIES = ('outcome', 'obedience', 'paging', 'unsent', 'mim', 'targets', 'texts')


def one(entry):
    name, why, function = entry
    began = time.monotonic()
    own = world.World()
    try:
        function(own)
        return name, 'ok', '', time.monotonic() - began
    except world.Skip as reason:
        return name, 'skipped', str(reason), time.monotonic() - began
    except world.Wrong as wrong:
        return name, 'FAILS', '%s (%s)' % (wrong, why), time.monotonic() - began
    except Exception as error:
        # What is no answer at all may be no JSON, or have no field.
        return name, 'FAILS', 'got %r, right is an outcome (%s)' % (error, why), time.monotonic() - began
    finally:
        own.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--only', metavar='NAME', action='append')
    parser.add_argument('--list', action='store_true')
    parser.add_argument('--seconds', action='store_true', help='how long each case took')
    parser.add_argument('binary', nargs='?', default=os.environ.get('CARDWRIGHT'))
    given = parser.parse_args()
    for family in FAMILIES:
        importlib.import_module(family)
    cases = [c for c in world.CASES if not given.only or any(o in c[0] for o in given.only)]
    if given.list:
        for name, why, _ in cases:
            print('%-60s %s' % (name, why))
        return 0
    if not given.binary:
        parser.error('which BINARY? ($CARDWRIGHT names it too)')
    world.BINARY = os.path.abspath(given.binary)
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        for name, verdict, text, seconds in pool.map(one, cases):
            took = '  %.1f s' % seconds if given.seconds else ''
            print('%s %s%s%s' % (verdict, name, ': ' + text if text else '', took), flush=True)
            passed, failed = passed + (verdict == 'ok'), failed + (verdict == 'FAILS')
        print('%d passed, %d failed' % (passed, failed))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
