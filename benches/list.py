"""Reads a list of cards as most scripts do. Prints cards, seconds, and the most memory in MiB."""

import resource
import sys
import time

import requests

started = time.perf_counter()
answer = requests.get(sys.argv[1] + "/Cards", auth=("bench", "not-a-secret"), timeout=120)
answer.raise_for_status()
cards = answer.json()
issued = sum(card["state"] == "Issued" for card in cards)
seconds = time.perf_counter() - started
assert issued > 0
print(len(cards), seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
