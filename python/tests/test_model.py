"""What the package reports is so, against a server that keeps the truth and misbehaves by seed.

The server is a program of the repository (`testkit/examples/model.rs`), which `cargo xtask test --only python` builds
and names in `CARDWRIGHT_TEST_MODEL`. It says what is to be done for a seed, and judges the result. `MODEL_SEED=4711`
plays one seed.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.request import Request, urlopen

import pytest
from cardwright import CardwrightError, CertiFlow, MimCm

SEEDS = 300
THREADS = 4
FILTERS = {
    "userName": "user",
    "cardTypeName": "card_type",
    "cardModelName": "card_model",
    "policyName": "policy",
    "contentExpirationStatus": "expiring",
    "timeIssued": "issued",
    "timeUpdated": "updated",
    "timeRevoked": "revoked",
}
"""What filters are called here, where that differs."""


@pytest.fixture(scope="module")
def model() -> Iterator[str]:
    """The address of the model server."""
    program = os.environ.get("CARDWRIGHT_TEST_MODEL")
    if program is None:
        pytest.skip("CARDWRIGHT_TEST_MODEL does not name the model server")
    with subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None and server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.stdin.close()


def ask(url: str, body: object = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(url, data), timeout=60) as answer:
        return json.load(answer)


def client(task: dict[str, Any]) -> CertiFlow | MimCm:
    options: dict[str, Any] = {"settle": task["settle"] / 1000, "longest_wait": 0.001, "proxy": False}
    if "page_size" in task:
        options["page_size"] = task["page_size"]
    if not task.get("verify", True):
        options["verify"] = "never"
    if task["api"] == "mim":
        return MimCm(task["url"], **options)
    return CertiFlow(task["url"], dialect=task["api"], **options)


def operate(task: dict[str, Any]) -> tuple[str, str]:
    """How an operation ended, and what was said of it."""
    try:
        cm = client(task)
        key = task["serial"] if task["by_serial"] else task["id"]
        if task["api"] == "g1":
            assert isinstance(cm, CertiFlow)
            card: Any = cm.card_of(task["user"], key)
        else:
            card = cm.find(key) if task["by_serial"] else cm.card(key)
        if card is None:
            return "not begun", "no such card"
        outcome = cm.operate(card, task["operation"], reason=task["reason"])
    except CardwrightError as error:
        return error.outcome or "not begun", repr(error)
    return outcome.result, repr(outcome)


def listed(task: dict[str, Any]) -> tuple[list[str], bool, str]:
    """The ids of a list, whether it ended with an error, and with which."""
    ids: list[str] = []
    try:
        cm = client(task)
        filters: dict[str, Any] = {str(FILTERS.get(name, name)): value for name, value in task["filters"].items()}
        if "tags" in filters:
            filters["tags"] = [filters["tags"]]
        if task["limit"] is not None:
            filters["count"] = task["limit"]
        for card in cm.cards(**filters):
            ids.append(str(getattr(card, "uuid" if task["api"] == "mim" else "id")))
            if task["disables"]:
                try:
                    cm.operate(card, "Disable")
                except CardwrightError as error:
                    if error.outcome is None:
                        raise
    except CardwrightError as error:
        return ids, True, repr(error)
    return ids, False, ""


def play(model: str, seed: int) -> tuple[str, str]:
    """Plays a seed; the end, and what was wrong. What there was no time for is no wrong unless it is so each time."""
    end, wrong = "", ""
    for _ in range(3):
        task = ask(f"{model}/task/{seed}")
        if task["shape"] == "operation":
            end, more = operate(task)
            came_to: dict[str, Any] = {"said": end, "more": more}
        else:
            ids, failed, more = listed(task)
            end, came_to = "list", {"ids": ids, "failed": failed, "more": more}
        verdict = ask(f"{model}/judge/{task['key']}", came_to)
        wrong = verdict["wrong"] or verdict["missed"]
        if verdict["wrong"] or not wrong:
            break
    return end, wrong


def test_what_is_reported_is_so_whatever_the_server_does(model: str) -> None:
    one = os.environ.get("MODEL_SEED")
    seeds = range(SEEDS) if one is None else [int(one)]
    with ThreadPoolExecutor(THREADS) as pool:
        played = list(pool.map(lambda seed: play(model, seed), seeds))
    ends = Counter(end for end, _ in played)
    wrong = [words for _, words in played if words]
    print(dict(ends))
    assert not wrong, "\n\n".join([*wrong[:5], f"{len(wrong)} in all"])
    if one is None:
        assert ends["done"] > 50 and ends["unknown"] > 20 and ends["refused"] > 5 and ends["list"] > 30, ends
