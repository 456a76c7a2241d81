"""Whose certificates end within so many days, as CSV, the soonest first: python expiring.py 30 > expiring.csv"""

import csv
import sys
from datetime import datetime, timedelta, timezone

from cardwright import CertiFlow

soon = datetime.now(timezone.utc) + timedelta(days=int(sys.argv[1]))

with CertiFlow.from_environment() as cm:
    ends = [
        (certificate.valid_to, card.user_name, card.serial_number, certificate.subject)
        for card in cm.cards(state="Issued", expiring="ManagedCertificatesExpiring")
        for certificate in card.certificates
        if certificate.valid_to is not None and certificate.valid_to < soon
    ]

ends.sort(key=lambda end: end[0])
rows = csv.writer(sys.stdout)
rows.writerow(["ends", "user", "card", "certificate"])
rows.writerows(ends)
