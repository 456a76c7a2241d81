"""Revokes the card with a serial number, because it is lost: python lost_card.py 02A1B3C4"""

import sys

from cardwright import CertiFlow, errors

with CertiFlow.from_environment() as cm:
    try:
        card = cm.find(sys.argv[1])  # an error where two records have the number
        if card is None:
            sys.exit("no such card")
        print(cm.revoke(card, reason="CardLost"))
    except errors.OutcomeUnknown as unknown:
        sys.exit(f"unknown, look again: {unknown}")
    except errors.CardwrightError as error:
        sys.exit(f"not revoked: {error}")
