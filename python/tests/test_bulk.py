"""Bulk operations, against the embedded server and its faults."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import cardwright
from cardwright import Bulk, CertiFlow, Code, MimCm, Operation, Progress, Server
from cardwright.errors import BulkStopped, InputError, JournalError, NotSupported

FAULTS: dict[str, Any] = {
    "seed": 7,
    "rules": [
        {"path": "**/Disable", "chance": 0.05, "status": 500},
        {"path": "**/Disable", "chance": 0.05, "drop": "after"},
        {"path": "**/Disable", "chance": 0.05, "status": 429, "retry_after": 1},
    ],
}
