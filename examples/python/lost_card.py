"""Revokes the card with a serial number, because it is lost: python lost_card.py 02A1B3C4"""

import sys

from cardwright import CertiFlow, errors

with CertiFlow.from_environment() as cm:
    card = cm.find(sys.argv[1])
    try:
        print(cm.revoke(card, reason="CardLost") if card else "no such card")
    except errors.OutcomeUnknown as unknown:
        sys.exit(f"unknown, look again: {unknown}")
