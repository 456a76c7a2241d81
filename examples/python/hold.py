"""Puts all cards of a policy on hold; started again, it goes on where it was stopped: python hold.py Contractors"""

import sys

import cardwright

with cardwright.CertiFlow.from_environment() as cm:
    cards = cm.cards(policy=sys.argv[1], state="Issued")
    work = cardwright.bulk(cards, "Disable", journal="hold.ndjson", resume=True, canary=3, progress=True)
    print(work.counts)
