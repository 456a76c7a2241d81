"""Asks for one card again and again, as most scripts do. Prints the seconds of the first request and of the others.

    sign_in.py WAY REQUESTS URL

The ways are anonymous, negotiate and ntlm; NTLM_USER and NTLM_PASSWORD are in the environment.
"""

import os
import sys
import time

import requests
import requests_gssapi
import requests_ntlm

way, count, url = sys.argv[1], int(sys.argv[2]), sys.argv[3]
session = requests.Session()
session.trust_env = False
session.auth = {
    "anonymous": lambda: None,
    "negotiate": lambda: requests_gssapi.HTTPSPNEGOAuth(),
    "ntlm": lambda: requests_ntlm.HttpNtlmAuth(os.environ["NTLM_USER"], os.environ["NTLM_PASSWORD"]),
}[way]()


def ask():
    answer = session.get(url + "/Cards/1013", timeout=60)
    answer.raise_for_status()
    assert answer.json()["id"] == 1013


started = time.perf_counter()
ask()
first = time.perf_counter() - started
started = time.perf_counter()
for _ in range(count):
    ask()
print(first, time.perf_counter() - started)
