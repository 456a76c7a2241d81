"""Puts all cards of a policy on hold; started again, it goes on where it was stopped: python hold.py Contractors"""

import sys

import cardwright

with cardwright.CertiFlow.from_environment() as cm:
    policy = sys.argv[1]
    cards = cm.cards(policy=policy, state="Issued")
    try:
        work = cardwright.bulk(cards, "Disable", journal=f"hold-{policy}.ndjson", resume=True, canary=3, progress=True)
    except cardwright.errors.BulkStopped as stopped:
        sys.exit(f"{stopped}: {stopped.bulk and stopped.bulk.counts}")
    print(work.counts)
    if work.note is not None:
        print(work.note, file=sys.stderr)
    # What is unknown may have been carried out: started again, this looks at the cards first.
    sys.exit(work.counts.done < work.counts.total)
