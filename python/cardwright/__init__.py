"""Smart cards in Microsoft MIM CM and Axidian CertiFlow.

    >>> import cardwright
    >>> cardwright.Atr("3B8D0180FBA000000397425446590301C8").historical.hex()
    'a00000039742544659 0301'

README has the rest.
"""

from __future__ import annotations

from . import errors, readers
from ._cardwright import (
    Answer,
    Atr,
    AuditEntry,
    Card,
    CardInfo,
    Cards,
    Certificate,
    DataItem,
    Finding,
    Outcome,
    PlannedRequest,
    Record,
    Request,
    Smartcard,
    Verdict,
    __version__,
)
from ._enums import (
    CardKind,
    CardState,
    CertificateType,
    Code,
    ContentExpirationStatus,
    Dialect,
    Evidence,
    Operation,
    RequestStatus,
    RequestType,
    RevocationReason,
    Rule,
    SmartcardStatus,
    Source,
    State,
    System,
    Trust,
)
from ._lifecycle import Lifecycle
from ._server import Server
from ._systems import Allowed, Bearer, CertiFlow, MimCm
from .errors import CardwrightError

__all__ = [
    "Allowed",
    "Answer",
    "Atr",
    "AuditEntry",
    "Bearer",
    "Card",
    "CardInfo",
    "CardKind",
    "CardState",
    "Cards",
    "CardwrightError",
    "CertiFlow",
    "Certificate",
    "CertificateType",
    "Code",
    "ContentExpirationStatus",
    "DataItem",
    "Dialect",
    "Evidence",
    "Finding",
    "Lifecycle",
    "MimCm",
    "Operation",
    "Outcome",
    "PlannedRequest",
    "Record",
    "Request",
    "RequestStatus",
    "RequestType",
    "RevocationReason",
    "Rule",
    "Server",
    "Smartcard",
    "SmartcardStatus",
    "Source",
    "State",
    "System",
    "Trust",
    "Verdict",
    "__version__",
    "errors",
    "readers",
]
