"""Smart cards in Microsoft MIM CM and Axidian CertiFlow.

    >>> import cardwright
    >>> cardwright.Atr("3B8D0180FBA000000397425446590301C8").historical_bytes
    b'\\x80\\xfb\\xa0\\x00\\x00\\x03\\x97BTFY\\x03\\x01'

docs/python.md has the rest.
"""

from __future__ import annotations

from . import _logging as _logging, errors, readers
from ._async import AsyncCards, AsyncCertiFlow, AsyncList, AsyncMimCm, AsyncOwnServer
from ._auth import (
    Auth, Basic, Bearer, ClientCertificate, DeviceCode, Negotiate, Ntlm, Oidc, SignIn, UserCode,
)
from ._bulk import BulkOptions, bulk, plan, resume
from ._cardwright import (
    Answer, Atr, AtrTable, AuditEntry, Bulk, Capabilities, Card, CardInfo, CardServiceData, Cards, Certificate,
    Counts, DataItem, DataObject, DoctorCheck, Explanation, Finding, FollowedRequest, Generation, Globals, Group, Historical, Level, Outcome, PlannedRequest,
    Progress, Rate, Record, Recording, Request, Smartcard, SpecificMode, Status, StorageCard, T1, Table, Tck, Timing, Verdict,
    Vpp, __version__, parse_atrs, tls_libraries,
)
from ._certiflow import CertiFlow
from ._client import Allowed, ClientOptions
from ._enums import (
    Basis, CardKind, CardState, CardStateWord, CertificateType, Code, ContentExpirationStatus, ContentExpirationStatusWord,
    Dialect, DialectWord, Evidence, Operation, OperationWord, RequestStatus, RequestStatusWord, RequestType, RevocationReason,
    RevocationReasonWord, Rule, SmartcardStatus, SmartcardStatusWord, Source, State, Sure, System, SystemWord, Trust,
)
from ._lifecycle import Lifecycle
from ._mim import MimCm
from ._own import AuditRow, Decided, OwnServer, ServerAccount, ServerRole, WaitingRequest
from ._server import Server
from .errors import CardwrightError

__all__ = [
    "Allowed",
    "Answer",
    "AsyncCards",
    "AsyncCertiFlow",
    "AsyncList",
    "AsyncMimCm",
    "AsyncOwnServer",
    "Atr",
    "AtrTable",
    "AuditEntry",
    "AuditRow",
    "Auth",
    "Basic",
    "Basis",
    "Bearer",
    "Bulk",
    "BulkOptions",
    "Capabilities",
    "Card",
    "CardInfo",
    "CardKind",
    "CardServiceData",
    "CardState",
    "CardStateWord",
    "Cards",
    "CardwrightError",
    "CertiFlow",
    "Certificate",
    "CertificateType",
    "ClientCertificate",
    "ClientOptions",
    "Code",
    "ContentExpirationStatus",
    "ContentExpirationStatusWord",
    "Counts",
    "DataItem",
    "DataObject",
    "Decided",
    "DeviceCode",
    "Dialect",
    "DialectWord",
    "DoctorCheck",
    "Evidence",
    "Explanation",
    "Finding",
    "FollowedRequest",
    "Generation",
    "Globals",
    "Group",
    "Historical",
    "Level",
    "Lifecycle",
    "MimCm",
    "Negotiate",
    "Ntlm",
    "Oidc",
    "Operation",
    "OperationWord",
    "Outcome",
    "OwnServer",
    "PlannedRequest",
    "Progress",
    "Rate",
    "Record",
    "Recording",
    "Request",
    "RequestStatus",
    "RequestStatusWord",
    "RequestType",
    "RevocationReason",
    "RevocationReasonWord",
    "Rule",
    "Server",
    "ServerAccount",
    "ServerRole",
    "SignIn",
    "Smartcard",
    "SmartcardStatus",
    "SmartcardStatusWord",
    "Source",
    "SpecificMode",
    "State",
    "Status",
    "StorageCard",
    "Sure",
    "System",
    "SystemWord",
    "T1",
    "Table",
    "Tck",
    "Timing",
    "Trust",
    "UserCode",
    "Verdict",
    "Vpp",
    "WaitingRequest",
    "__version__",
    "bulk",
    "errors",
    "parse_atrs",
    "plan",
    "readers",
    "resume",
    "tls_libraries",
]
