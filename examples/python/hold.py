"""Puts all cards of a policy on hold; started again, it goes on where it was stopped: python hold.py Contractors"""

import sys

import cardwright

with cardwright.CertiFlow.from_environment() as cm:
    policy = sys.argv[1]
    cards = cm.cards(policy=policy, state="Issued")
    work = cardwright.bulk(cards, "Disable", journal=f"hold-{policy}.ndjson", resume=True, canary=3, progress=True)
    print(work.counts)
