"""The extension module; `cardwright` has the names for users."""

from collections.abc import Callable, Iterable, Iterator, KeysView, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from os import PathLike
from pathlib import Path
from types import GenericAlias
from typing import Any, Final, Generic, Literal, Protocol, final

# They are optional; without them, or without their stubs, these types are `Any`.
import pandas  # type: ignore[import-untyped, import-not-found, unused-ignore]
import polars  # type: ignore[import-not-found, unused-ignore]
import pyarrow  # type: ignore[import-untyped, import-not-found, unused-ignore]
from typing_extensions import Self, TypeAlias, TypeVar, disjoint_base

from ._enums import (
    CardState, CertificateType, Dialect, DialectWord, Evidence, Operation, OperationWord, RequestStatus, RequestStatusWord,
    RequestType, RevocationReason, RevocationReasonWord, Rule, SmartcardStatus, Source, State, Sure, System,
)
from .errors import CardwrightError

__all__ = [
    "Answer", "Atr", "AtrTable", "AuditEntry", "Bulk", "Canceler", "Capabilities", "Card", "CardInfo", "CardServiceData", "Cards",
    "Certificate", "Client", "Counts", "DataItem", "DataObject", "DoctorCheck", "Explanation", "Finding", "FollowedRequest",
    "Generation", "Globals", "Group", "Historical", "Level", "Outcome", "OwnServer", "PlannedRequest", "Progress", "Rate", "Record", "Recording", "Request", "Server",
    "SkziEntries", "Smartcard", "SpecificMode", "Status", "StorageCard", "T1", "Table", "Tck", "Timing", "Verdict", "Vpp",
    "__version__", "_card_cells", "_card_column", "_card_list", "command", "operation", "parse_atrs",
    "tls_libraries", "verdict",
]

__version__: str

_Scalar: TypeAlias = str | int | float | bool | None
"""A value of which the type is not certain, as the server wrote it."""

_C = TypeVar("_C", bound=Card, covariant=True, default=Card)

def _card_column(names: Sequence[str], by: str | None) -> tuple[int, bool]:
    """Which of these columns names cards, and whether by their serial numbers."""

def _card_cells(table: object, by: str | None) -> tuple[bool | None, list[str | int | None]] | None:
    """What names cards in an object with the Arrow PyCapsule interface: whether they are serial numbers, where a column's
    name tells, and the column. `None` where the object has no such interface."""

def _card_list(file: bytes, name: str, by: str | None) -> list[tuple[bool, str, str]]:
    """The cards of a file: whether each is named by a serial number, its text, and its place."""

def command(arguments: list[str]) -> int:
    """Runs the command; the first argument is its own name. Returns the exit code."""

@disjoint_base
class Record(Mapping[str, Any]):
    """An object of a vendor's API, as the server wrote it.

    It is a `Mapping` of all its members by the vendor's names, also those that nobody knows; values are what `json.loads`
    makes of them, and the caller's own. It is frozen, hashes by what the server wrote, and can be pickled. Two records are
    equal where they are of one class and the server wrote them the same; a record and another mapping, where they have
    the same members.

        >>> card = CardInfo('{"id": 7, "state": "Issued", "tags": ["a"]}')
        >>> dict(card)
        {'id': 7, 'state': 'Issued', 'tags': ['a']}

    A date has the zone that the server wrote; one without a zone is a naive `datetime`. Null, an absent field, and .NET's
    "not yet", the first moment of the year 1, are `None`. The property of a date that cannot be read raises `JSONError`,
    which is a `ValueError`; `card["expirationDate"]` still has the text.
    """

    @property
    def json(self) -> str:
        """The object as the server wrote it, JSON in UTF-8."""
    def to_dict(self) -> dict[str, Any]:
        """All members as a `dict` of the caller's own: what `json.loads(record.json)` makes."""
    def keys(self) -> KeysView[str]:
        """The vendor's names of all members, in the order in which they were written."""
    def get(self, name: str, default: Any = None, /) -> Any:
        """A member, or `default` where there is none."""
    def __getitem__(self, name: str, /) -> Any: ...
    def __iter__(self) -> Iterator[str]: ...
    def __reversed__(self) -> Iterator[str]: ...
    def __len__(self) -> int: ...
    def __contains__(self, name: object, /) -> bool: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...
    def _repr_html_(self) -> str:
        """A table of what the server wrote, for notebooks."""

class Card(Record):
    """A card's record in either system."""

    @property
    def system(self) -> System:
        """The system that has the record: `System`."""
    @property
    def id(self) -> str | int:
        """What the system looks the record up by: CertiFlow's `id`, MIM CM's `Uuid`."""
    @property
    def state(self) -> CardState | SmartcardStatus | _Scalar:
        """The state in the system's own words, or what the server sent where it is not known. In MIM CM the server sends
        the number `status`; the word is assumed from it by the client's `status_scheme`, and `None` where the number is
        not known."""
    @property
    def serial_number(self) -> str | None:
        """The serial number as the system writes it; `None` where it has none."""
    @property
    def atr(self) -> str | None:
        """The ATR in hexadecimal digits as the system writes it; `None` where it has none."""
    @property
    def user(self) -> str | None:
        """The user: CertiFlow's `userName`, MIM CM's `AssignedUserUuid`; `None` where there is none."""

# <!-- generated: records -->
@final
class CardInfo(Card):
    """A card's record (API, Cards)."""

    def __new__(cls, json: str, found_by: str | None = None, status_scheme: str = "B") -> CardInfo: ...
    @property
    def id(self) -> str | int:
        """Opaque; the documents show a number, older ones a text. (`id`)"""
    @property
    def serial_number(self) -> str | None:
        """The card's serial number, as its middleware writes it. (`serialNumber`)"""
    @property
    def card_type_name(self) -> str | None:
        """The name of the card's type. (`cardTypeName`)"""
    @property
    def card_model_name(self) -> str | None:
        """The model, where the type is split into models. (`cardModelName`)"""
    @property
    def atr(self) -> str | None:
        """The ATR in hexadecimal digits. (`atr`)"""
    @property
    def label(self) -> str | None:
        """The name of the card. (`label`)"""
    @property
    def comment(self) -> str | None:
        """A note. (`comment`)"""
    @property
    def tags(self) -> tuple[str, ...]:
        """Tags. (`tags`)"""
    @property
    def state(self) -> CardState | _Scalar:
        """The state. (`state`)"""
    @property
    def form_factor(self) -> _Scalar:
        """The form: the values are not documented. (`formFactor`)"""
    @property
    def pac_number(self) -> _Scalar:
        """The number for physical access ("HID label"). (`pacNumber`)"""
    @property
    def expiration_date(self) -> datetime | None:
        """When the card expires, ISO 8601. (`expirationDate`)"""
    @property
    def time_issued(self) -> datetime | None:
        """When the card was issued, ISO 8601. (`timeIssued`)"""
    @property
    def time_disabled(self) -> datetime | None:
        """When the card was put on hold, ISO 8601. (`timeDisabled`)"""
    @property
    def time_updated(self) -> datetime | None:
        """When the card was updated, ISO 8601. (`timeUpdated`)"""
    @property
    def time_revoked(self) -> datetime | None:
        """When the card was revoked, ISO 8601. (`timeRevoked`)"""
    @property
    def user_id(self) -> _Scalar:
        """The user's id, opaque. (`userId`)"""
    @property
    def user_name(self) -> str | None:
        """The user, `DOMAIN\LogonName`. (`userName`)"""
    @property
    def policy_id(self) -> _Scalar:
        """The policy's id, opaque. (`policyId`)"""
    @property
    def policy_name(self) -> str | None:
        """The policy's name. (`policyName`)"""
    @property
    def certificates(self) -> tuple[Certificate, ...]:
        """The certificates on the card. (`certificates`)"""

@final
class Certificate(Record):
    """A certificate on a card."""

    def __new__(cls, json: str) -> Certificate: ...
    @property
    def kind(self) -> CertificateType | _Scalar:
        """Where it comes from. (`type`)"""
    @property
    def serial_number(self) -> str | None:
        """Its serial number in hexadecimal digits. (`serialNumber`)"""
    @property
    def thumbprint(self) -> str | None:
        """Its SHA-1 thumbprint in hexadecimal digits. (`thumbprint`)"""
    @property
    def subject(self) -> str | None:
        """The common name of its subject. (`subject`)"""
    @property
    def issuer(self) -> str | None:
        """The common name of its issuer. (`issuer`)"""
    @property
    def valid_to(self) -> datetime | None:
        """When it expires, ISO 8601. (`validTo`)"""

@final
class Smartcard(Card):
    """A smart card profile ("Get smartcard data")."""

    def __new__(cls, json: str, found_by: str | None = None, status_scheme: str = "B") -> Smartcard: ...
    @property
    def uuid(self) -> str:
        """Its id in the database. Not the card's own id: see `serial_number`. (`Uuid`)"""
    @property
    def status(self) -> _Scalar:
        """The status, as a number; `StatusScheme` reads it. (`Status`)"""
    @property
    def flags(self) -> _Scalar:
        """Its relation to other cards: bits, of which only 1 (Primary) is known. (`Flags`)"""
    @property
    def parent_smartcard_uuid(self) -> str | None:
        """The card that this one replaces. (`ParentSmartcardUuid`)"""
    @property
    def primary_smartcard_uuid(self) -> str | None:
        """The card that this one is a duplicate of. (`PrimarySmartcardUuid`)"""
    @property
    def permanent_smartcard_uuid(self) -> str | None:
        """The permanent card of this temporary one. (`PermanentSmartcardUuid`)"""
    @property
    def assigned_user_uuid(self) -> str | None:
        """The user. (`AssignedUserUuid`)"""
    @property
    def profile_template_uuid(self) -> str | None:
        """The profile template. (`ProfileTemplateUuid`)"""
    @property
    def profile_template_version(self) -> _Scalar:
        """The template's version when the profile was made. (`ProfileTemplateVersion`)"""
    @property
    def comment(self) -> str | None:
        """A comment; `""` if there is none. (`Comment`)"""
    @property
    def serial_number(self) -> str | None:
        """The serial number; for a Base CSP card its `cardid` in braces. (`SerialNumber`)"""
    @property
    def middleware(self) -> str | None:
        """The middleware, such as `MSBaseCSP`. (`Middleware`)"""
    @property
    def atr(self) -> str | None:
        """The ATR in lower-case hexadecimal digits. (`Atr`)"""

@final
class Request(Record):
    """A request ("Get request")."""

    def __new__(cls, json: str) -> Request: ...
    @property
    def uuid(self) -> str:
        """Its id. (`Uuid`)"""
    @property
    def request_type(self) -> RequestType | _Scalar:
        """What it is for. (`RequestType`)"""
    @property
    def status(self) -> RequestStatus | _Scalar:
        """How far it is. (`Status`)"""
    @property
    def flags(self) -> _Scalar:
        """Options: bits, not published. (`Flags`)"""
    @property
    def data_collection(self) -> tuple[DataItem, ...]:
        """The answers to the policy's questions. (`DataCollection`)"""
    @property
    def data_collection_flags(self) -> _Scalar:
        """Options of the data collection: bits, not published. (`DataCollectionFlags`)"""
    @property
    def originator_user_uuid(self) -> str | None:
        """The user who made it. (`OriginatorUserUuid`)"""
    @property
    def target_user_uuid(self) -> str | None:
        """The user that it is for. (`TargetUserUuid`)"""
    @property
    def submitted(self) -> datetime | None:
        """When it was made, ISO 8601. (`Submitted`)"""
    @property
    def completed(self) -> datetime | None:
        """When it was completed, ISO 8601; `0001-01-01T00:00:00` until then. (`Completed`)"""
    @property
    def new_profile_uuid(self) -> str | None:
        """The profile that it makes. (`NewProfileUuid`)"""
    @property
    def old_profile_uuid(self) -> str | None:
        """The profile that it is about. (`OldProfileUuid`)"""
    @property
    def new_smartcard_uuid(self) -> str | None:
        """The card that it gives; the empty GUID until one is assigned. (`NewSmartcardUuid`)"""
    @property
    def old_smartcard_uuid(self) -> str | None:
        """The card that it is about. (`OldSmartcardUuid`)"""
    @property
    def priority(self) -> _Scalar:
        """0 to 255; 0 is the highest. (`Priority`)"""
    @property
    def comment(self) -> str | None:
        """A comment; `""` if there is none. (`Comment`)"""
    @property
    def profile_template_uuid(self) -> str | None:
        """The profile template. (`ProfileTemplateUuid`)"""
    @property
    def security_descriptor(self) -> str | None:
        """The access rights, in SDDL. Servers send it with NUL characters at its end. (`SecurityDescriptor`)"""
    @property
    def is_smartcard(self) -> _Scalar:
        """Whether it is about a smart card. (`IsSmartcard`)"""
    @property
    def is_enrollment_agent(self) -> _Scalar:
        """Whether an enrollment agent must carry it out. (`IsEnrollmentAgent`)"""
    @property
    def is_data_collection_complete(self) -> _Scalar:
        """Whether all questions are answered. (`IsDataCollectionComplete`)"""

@final
class DataItem(Record):
    """An answer to a question of a policy."""

    def __new__(cls, json: str) -> DataItem: ...
    @property
    def name(self) -> str | None:
        """The question. (`Name`)"""
    @property
    def value(self) -> str | None:
        """The answer. (`Value`)"""

# <!-- /generated -->

@final
class Cards(Generic[_C]):
    """Cards, one by one, read from the server on request.

    A card that cannot be read is an exception, and the next one follows; after an exception of the network there are no
    more. It can be iterated once: ask again for another list. A list that was begun is no table and no bulk operation any
    more: that is an `InputError`, which says how many cards were taken, as does `repr`. What is dropped or closed ends what
    it has asked the server for; `with cm.cards() as cards:` closes it.
    """

    def __iter__(self) -> Self: ...
    def __next__(self) -> _C: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *_raised: object) -> None: ...
    def close(self) -> None:
        """Ends the list, from any thread, and what it has asked the server for. A thread that waits for a card of it, or asks
        for one later, has an `InputError`. Once more it does nothing."""
    def first(self) -> _C | None:
        """The first card, or `None`. Only that one is asked for; the list itself can still be read.

        Raises:
            InputError: the cards are being read already.
        """
    def one(self) -> _C:
        """The only card. Two at most are asked for; the list itself can still be read.

        Raises:
            NotFound: there is none.
            Unexpected: there are several.
            InputError: the cards are being read already.
        """
    def to_dicts(self) -> list[dict[str, Any]]:
        """All cards, each as a `dict` of its members, as `[card.to_dict() for card in cards]`.

        Raises:
            InputError: the cards are being read already.
            JSONError: a card that cannot be read.
            CardwrightError: what else stops a list.
        """
    def _ready(self) -> list[_C]:
        """The next cards that are there, all at once; it waits for the first alone. There are no more where it is empty."""
    def _end(self) -> None:
        """Ends the list, and waits for the thread that reads it; its client was canceled before."""
    def __class_getitem__(cls, item: Any) -> GenericAlias:
        """`Cards[CardInfo]`, for annotations."""
    def table(
        self,
        columns: Sequence[str] | None = None,
        *,
        text: Sequence[str] = (),
        errors: Literal["raise", "null", "text"] = "raise",
        batch_size: int = 8192,
    ) -> Table:
        """The cards as a table, instead of one by one.

        `columns` are names of properties; `json` is the whole record as the server wrote it, and is there when it is named.
        Dates are timestamps in UTC, those without a zone as if they were in UTC; enumerations are the vendor's words. What may
        be text or number, such as an id, is `int64` where the first batch has whole numbers alone; the columns named in `text`
        hold text whatever comes. A batch has at most `batch_size` rows.

        `errors` is what becomes of a date that cannot be read: `"raise"` stops the table with a `JSONError` that names the card
        and the column, `"null"` makes a null of it, and with `"text"` all dates are columns of text, as the server wrote them.

        Raises:
            InputError: no such column; or the cards are being read already.
        """
    def to_arrow(
        self,
        columns: Sequence[str] | None = None,
        *,
        text: Sequence[str] = (),
        errors: Literal["raise", "null", "text"] = "raise",
    ) -> pyarrow.Table:
        """All cards as a `pyarrow.Table`; the arguments are those of `table()`.

        Raises:
            ImportError: pyarrow is not installed.
            JSONError: a card or a date that cannot be read, or a text where the first cards have numbers.
            CardwrightError: what else stops a list.
        """
    def to_pandas(
        self,
        columns: Sequence[str] | None = None,
        *,
        text: Sequence[str] = (),
        errors: Literal["raise", "null", "text"] = "raise",
        dtype_backend: Literal["pyarrow"] | None = "pyarrow",
    ) -> pandas.DataFrame:
        """All cards as a `pandas.DataFrame` over Arrow memory; states are categories. As `to_arrow`.

        `dtype_backend=None` makes pandas' own types of it: a copy, and lists become Python objects.
        """
    def to_polars(
        self,
        columns: Sequence[str] | None = None,
        *,
        text: Sequence[str] = (),
        errors: Literal["raise", "null", "text"] = "raise",
    ) -> polars.DataFrame:
        """All cards as a `polars.DataFrame`. As `to_arrow`."""
    def _repr_html_(self) -> str:
        """What was asked for and how far it was read, for notebooks: nothing is sent for it."""

@final
class Table:
    """Cards as an Arrow table: a stream of record batches, read from the server while they are asked for.

    Anything that takes the Arrow PyCapsule interface takes it: `polars.DataFrame`,
    `pyarrow.RecordBatchReader.from_stream`, DuckDB's SQL. Each time the cards are listed anew.
    """

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """A stream: a capsule with an `ArrowArrayStream`."""
    def __arrow_c_schema__(self) -> object:
        """The schema: a capsule with an `ArrowSchema`. The first cards decide it; the next stream begins
        with them."""
    def to_arrow(self) -> pyarrow.Table:
        """All of it as a `pyarrow.Table`."""
    def to_pandas(self, *, dtype_backend: Literal["pyarrow"] | None = "pyarrow") -> pandas.DataFrame:
        """All of it as a `pandas.DataFrame`."""
    def to_polars(self) -> polars.DataFrame:
        """All of it as a `polars.DataFrame`."""
    def _repr_html_(self) -> str:
        """The columns, for notebooks: nothing is read for it."""

class _ArrowStream(Protocol):
    def __arrow_c_stream__(self, requested_schema: object = None) -> object: ...

class _ArrowArray(Protocol):
    def __arrow_c_array__(self, requested_schema: object = None) -> Any: ...

def tls_libraries() -> dict[str, str]:
    """The libraries that can do TLS here: the value of `tls` for each, and its name. `"system"` is looked for by this call.

        >>> tls_libraries()["rustls"]
        'rustls with ring'
    """

def parse_atrs(column: _ArrowStream | _ArrowArray | Iterable[str | bytes | None]) -> AtrTable:
    """What each ATR of a column says. The column is anything with the Arrow PyCapsule interface, of text
    in hexadecimal or of bytes, or an iterable of `str`, `bytes` and `None`.

        >>> column = parse_atrs(["3B8D0180FBA000000397425446590301C8", "3B 02", None])
        >>> [row and (row["protocols"], row["error"]) for row in column.to_arrow().to_pylist()]
        [([1], None), (None, 'the input ends too early: historical bytes, at byte 5'), None]

    Raises:
        TypeError: a column of something else. What is no ATR is a row with its `error`.
        InputError: more than 16,777,216 rows or half a gigabyte.
    """

@final
class AtrTable:
    """An Arrow struct column: what each ATR of a column says.

    | field | type | |
    |---|---|---|
    | `atr` | `utf8` | the bytes in upper-case hexadecimal |
    | `convention` | `utf8` | `direct` or `inverse` |
    | `protocols` | `list<uint8>` | T of each that is offered |
    | `default_protocol` | `uint8` | T of the standard's default, in use when nothing is negotiated |
    | `pcsc_protocol` | `uint8` | T of the one that PC/SC negotiates; null where it is neither 0 nor 1 |
    | `historical_bytes` | `binary` | |
    | `findings` | `list<utf8>` | where it breaks the standards |
    | `error` | `utf8` | why it is no ATR; then the fields before it are null |
    | `code` | `int16` | the number of that error |

    A row is null where the column has a null.
    """

    def __len__(self) -> int: ...
    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        """The column: two capsules, with an `ArrowSchema` and an `ArrowArray`."""
    def to_arrow(self) -> pyarrow.StructArray:
        """The column as a `pyarrow.StructArray`."""
    def to_pandas(self) -> pandas.Series[Any]:
        """The column as a `pandas.Series`; its accessor `struct` has the fields."""
    def to_polars(self) -> polars.Series:
        """The column as a `polars.Series`; its namespace `struct` has the fields."""

@final
class Bulk:
    """One operation for many cards: what is planned for each, and what has come of it.

    It is a table, a row for each card: anything that takes the Arrow PyCapsule interface takes it.

    | column | type | |
    |---|---|---|
    | `id`, `serial_number` | `utf8` | as the system writes them |
    | `state` | `utf8` | at the time of the plan |
    | `to` | `utf8` | the state that the operation leads to; null where the tables do not allow it |
    | `evidence` | `utf8` | how sure the tables are; null where the state is not known |
    | `fate` | `utf8` | `planned`, `skipped`, `done`, `awaiting approval`, `failed` or `unknown` |
    | `code`, `status` | `int16` | the number of the error, and the HTTP status of the last answer |
    | `message` | `utf8` | why it was skipped, failed or is unknown |
    | `attempts` | `int32` | how often it was sent |
    | `request` | `utf8` | the request of MIM CM |
    """

    @staticmethod
    def of_list(
        cards: Cards[Any], client: Client | None, operation: Operation | OperationWord, reason: RevocationReason | RevocationReasonWord | None, comment: str
    ) -> Bulk:
        """A plan for the cards of a list, which must be one of the client's, where one is given."""
    @staticmethod
    def of_cards(
        client: Client,
        cards: Sequence[Card | str | tuple[bool, str, str]],
        operation: Operation | OperationWord,
        reason: RevocationReason | RevocationReasonWord | None,
        comment: str,
    ) -> Bulk:
        """A plan for cards that were read before, and for others, which are looked up."""
    @staticmethod
    def of_journal(source: Client | Cards[Any], journal: str) -> Bulk:
        """The plan in a journal, and what has come of it so far."""
    def check(
        self,
        operation: Operation | OperationWord,
        reason: RevocationReason | RevocationReasonWord | None,
        comment: str,
        cards: Cards[Any] | Sequence[Card | str | tuple[bool, str, str]],
    ) -> None:
        """Whether it is this operation, for these cards or those of this list, which is read."""
    def keep(self, journal: str) -> None:
        """Writes the plan into a new journal, from which a run can be resumed, whatever ended it.

        Raises:
            JournalError: the file is there already or cannot be written.
        """
    def retry_failed(self) -> None:
        """Puts the cards that failed back among those to do."""
    def run(
        self,
        *,
        concurrency: int = 8,
        rate: float | None = None,
        canary: int = 0,
        max_failures: int | None = None,
        attempts: int = 5,
        longest_wait: float = 300.0,
        progress: Callable[[Progress], object] | None = None,
    ) -> None:
        """Carries out what is planned, finishes what is in doubt, and goes on with requests of MIM CM that
        waited for approval.

        At most `concurrency` cards (1 to 1,024) are under way at the same time, and `rate` operations a
        second are sent; `canary` cards go first, one by one. A card's operation is sent at most
        `attempts` times. `progress` is called with a `Progress` about ten times a second. What it raises, and Ctrl-C, lets
        the cards that are under way come to their end, and is raised then; a second exception stops the run at once. A run
        has a client of its own, which signs in by itself; where the client that it was made with is stopped, it stops too.

        Raises:
            BulkStopped: it ended before every card was looked at: one of the canary cards was not done, more than
                `max_failures` cards failed, the server does not answer, does not accept the sign-in, or asks to wait
                for more than `longest_wait` seconds. The cards that are left stay as they are.
        """
    operation: Final[Operation]
    """The operation."""
    word: Final[str]
    """The system's own word for the operation."""
    counts: Final[Counts]
    """What has become of how many cards."""
    journal: Final[Path | None]
    """The file of the journal: `Path`, or `None`."""
    note: Final[str | None]
    """What a person should know of the last run: that nothing was left to do. `None` otherwise."""
    groups: Final[list[Group]]
    """How many cards are alike: their state, what the tables say, what has become of them, and how
    many there are; the most first."""
    def __len__(self) -> int: ...
    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """A stream: a capsule with an `ArrowArrayStream`."""
    def to_arrow(self) -> pyarrow.Table:
        """The cards as a `pyarrow.Table`."""
    def to_pandas(self, *, dtype_backend: Literal["pyarrow"] | None = "pyarrow") -> pandas.DataFrame:
        """The cards as a `pandas.DataFrame`."""
    def to_polars(self) -> polars.DataFrame:
        """The cards as a `polars.DataFrame`."""
    def _repr_html_(self) -> str:
        """The groups, for notebooks."""

@final
class Counts:
    """What has become of how many cards."""

    planned: Final[int]
    """Cards with which nothing was done yet."""
    skipped: Final[int]
    """Cards with which nothing will be done: the tables do not allow it."""
    done: Final[int]
    """Cards that are done."""
    awaiting_approval: Final[int]
    """Cards whose request waits for approval, in MIM CM."""
    failed: Final[int]
    """Cards that failed."""
    unknown: Final[int]
    """Cards of which it cannot be told whether they are done."""
    accepted: Final[int]
    """Cards that the server accepted, and that were not read again."""
    total: Final[int]
    """All cards."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Progress:
    """How far a run is."""

    counts: Final[Counts]
    """What has become of how many cards, those of runs before included: `Counts`."""
    per_second: Final[float]
    """How many cards a second this run has ended, on average."""
    elapsed: Final[float]
    """Seconds that this run has taken."""
    waits: Final[bool]
    """Whether the run holds still, because the server asked for it."""

@final
class Group:
    """Cards of a plan that are alike."""

    state: Final[str]
    """Their state at the time of the plan, in the system's word or as the server sent it."""
    verdict: Final[Verdict | None]
    """What the tables say; `None` where the state is not known."""
    fate: Final[str]
    """What has become of them: `planned`, `skipped`, `done`, `awaiting approval`, `failed`, `unknown`."""
    cards: Final[int]
    """How many there are."""

@final
class Outcome(Generic[_C]):
    """What an operation came to.

    An operation that was refused, not sent, or of which nobody can tell is an exception with `.outcome`.
    """

    def __new__(
        cls,
        done: bool,
        card: _C | None,
        verdict: Verdict | None,
        request: str | None,
        answer_lost: bool,
        result: str,
        warning: str | None,
    ) -> Self: ...
    def __class_getitem__(cls, item: Any) -> GenericAlias:
        """`Outcome[CardInfo]`, for annotations."""
    done: Final[bool]
    """Whether it was carried out: the card was read again, and is as the operation leaves it."""
    @property
    def card(self) -> _C | None:
        """The card as it was read last: `CardInfo` or `Smartcard`, or `None` where it was not read again."""
    verdict: Final[Verdict | None]
    """What the tables said before: `Verdict`, or `None` where the state was not known."""
    request: Final[str | None]
    """The id of the request of MIM CM: `str`, or `None` in CertiFlow."""
    answer_lost: Final[bool]
    """Whether the answer was lost or said that it failed, and the card, read again, shows that it was carried out."""
    result: Final[Literal["done", "accepted", "awaiting approval"]]
    """How it ended: `str`, `"done"`, `"accepted"` or `"awaiting approval"`."""
    warning: Final[str | None]
    """What a person should know although it is done: `str`, or `None`."""
    def _repr_html_(self) -> str:
        """What it came to, for notebooks."""

@final
class PlannedRequest:
    """A request that would be sent."""

    def __new__(cls, method: str, address: str, body: str | None) -> Self: ...
    method: Final[str]
    """The method."""
    address: Final[str]
    """The whole address."""
    body: Final[str | None]
    """The body: `str`, or `None`."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Recording:
    """A recording that goes on until it is closed, or its client is gone.

    It records what ends meanwhile, of all threads; after a fork the child records nothing.
    """

    @property
    def path(self) -> Path:
        """The file: `Path`."""
    def close(self) -> None:
        """Ends the recording. Twice is as good as once.

        Raises `OSError` where something could not be written.
        """
    def __enter__(self) -> Self: ...
    def __exit__(self, *_error: object) -> None: ...

@final
class FollowedRequest:
    """A request of MIM CM as it is now, and the card that it is for."""

    def __new__(
        cls,
        request: Request,
        step: str,
        operation: Operation | None,
        card: Smartcard | None,
        unread: CardwrightError | None,
    ) -> Self: ...
    request: Final[Request]
    """The request as the server sent it."""
    step: Final[str]
    """What comes next: `str`, `"awaiting approval"`, `"approved"` (`go_on` carries it out), `"done"`, `"ended"` (it was denied,
    was canceled or has failed, as `request.status` says) or `"unknown"`."""
    operation: Final[Operation | None]
    """The operation that it is for, or `None` where this library cannot do it."""
    card: Final[Smartcard | None]
    """The card that it is for: `Smartcard`, or `None` where it is for none, the server does not have it, or it cannot be
    read."""
    unread: Final[CardwrightError | None]
    """Why the card cannot be read: `CardwrightError`, or `None`."""

@final
class DoctorCheck:
    """A check that `doctor` made."""

    def __new__(cls, name: str, level: str, seen: str, next: str | None) -> Self: ...
    name: Final[str]
    """What was looked at."""
    level: Final[str]
    """How it came out: `str`, `"ok"`, `"warn"` or `"fail"`."""
    seen: Final[str]
    """What was seen."""
    next: Final[str | None]
    """The next step, in the words of the options of the command: `str`, or `None`."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Answer:
    """An answer as it came."""

    status: Final[int]
    """The HTTP status."""
    headers: Final[list[tuple[str, str]]]
    """Names, in small letters, and values of all headers, in the order in which they came."""
    body: Final[bytes]
    """The body."""
    def json(self) -> Any:
        """The body, read as JSON."""

@final
class Verdict:
    """What a table says of an operation in a state. It is true where the operation is allowed."""

    def __new__(
        cls, allowed: bool, to: CardState | SmartcardStatus | None, evidence: Evidence, source: str, lacks: bool
    ) -> Self: ...
    allowed: Final[bool]
    """Whether the operation is allowed."""
    to: Final[CardState | SmartcardStatus | None]
    """The state that it leads to, in the system's own words; `None` where it is not allowed."""
    evidence: Final[Evidence]
    """How sure that is: `Evidence`."""
    source: Final[str]
    """The clause behind it; `""` where the system has no such operation."""
    lacks: Final[bool]
    """Whether the system has no such operation at all."""
    def __bool__(self) -> bool: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

def verdict(system: System, state: CardState | SmartcardStatus, operation: Operation | OperationWord) -> Verdict:
    """What the table of a system says."""

def operation(system: System, word: Operation | str) -> Operation:
    """The operation that a system, or the core, calls so."""

@final
class Client:
    """A client of one of the systems.

    After a fork the child makes connections of its own, as two processes cannot share one.
    """

    def __new__(cls, system: System, settings: Mapping[str, Any]) -> Self: ...
    @property
    def url(self) -> str:
        """The base of the API."""
    def cards(self, parameters: list[tuple[str, str]]) -> Cards[Any]:
        """The cards that a query finds. Nothing is sent before the first is asked for."""
    def card(self, id: str) -> Any:
        """One card by its id."""
    def card_of(self, user: str, key: str) -> Any:
        """One card of a user, by its id or serial number."""
    def find(self, serial: str) -> Any:
        """The card with a serial number."""
    def find_by(self, guesses: list[tuple[str, Source, Evidence]], atr: bytes) -> tuple[Any, str | None, str | None]:
        """The record of a card in a reader, by guesses: spelling, source and evidence of each, the strongest identifier
        first. Then the ATR of the record, where that is not the card's; and the question whether it is this card's
        record, where only a weaker identifier found it."""
    def operations(self, card: Card) -> list[tuple[str, Operation | None, Verdict | None, bool]]:
        """The operations that may be done with a card: the system's word, the operation, the verdict, and whether the
        server itself listed it."""
    def operate(
        self, card: Card | str, operation: Operation | OperationWord, reason: RevocationReason | RevocationReasonWord | None, comment: str
    ) -> Outcome[Any]:
        """Does an operation to a card, or to the one with this id, which is read first."""
    def go_on(self, request: str) -> Outcome[Any]:
        """Goes on with a request of MIM CM that waited for approval."""
    def request(self, uuid: str) -> Request:
        """One request of MIM CM by its id."""
    def follow(self, request: str) -> FollowedRequest:
        """A request of MIM CM as it is now, and the card that it is for."""
    def doctor(self, limit: float) -> list[DoctorCheck]:
        """Examines the server, within `limit` seconds."""
    def requests(self, status: RequestStatus | RequestStatusWord | None, open: bool, mine: bool) -> list[Request]:
        """The requests of MIM CM that the account may see: those with this status, or all; those that have not ended; those
        for the account's own user."""
    def plan(
        self, card: Card | str, operation: Operation | OperationWord, reason: RevocationReason | RevocationReasonWord | None, comment: str
    ) -> list[PlannedRequest]:
        """What `operate` would send. Whether there is a card with an id is not asked."""
    def raw(self, method: str, path: str, body: str | None) -> Answer:
        """Sends what the library has no words for."""
    def probe(self) -> Generation:
        """Which generation of the API the server speaks."""
    def dialect(self) -> Dialect | None:
        """The generation of the API that is spoken."""
    def skzi(self, parameters: list[tuple[str, str]], offset: int | None, count: int | None) -> SkziEntries:
        """Entries of the register of SKZI, as JSON. Nothing is sent before the first is asked for."""
    def record(self, path: str | PathLike[str]) -> Recording:
        """Begins a recording into a new file."""
    def explain(self) -> Explanation:
        """How the last sign-in went."""
    def cancelable(self) -> tuple[Client, Canceler]:
        """The same client for one call, over the same connections, and what stops that call alone."""
    def cancel(self) -> None:
        """Stops the client for good, from any thread."""

@final
class Canceler:
    """What stops one call, from any thread."""

    def cancel(self) -> None:
        """Ends at once what the call waits for."""

@final
class Generation:
    """Which generation of CertiFlow's API a server was found to speak, by questions that change nothing."""

    dialect: Final[Dialect | None]
    """The one to give as `dialect`, so that nothing need be asked any more: `Dialect`, or `None` where nothing was
    learned."""
    dialects: Final[tuple[Dialect, ...]]
    """All that would answer so, the oldest first: `tuple[Dialect, ...]`."""
    sure: Final[Sure]
    """How sure that is: `Sure`."""
    text: Final[str]
    """From what that is known: `str`, such as `G6: Cards answers, Cards/{id} is missing, …`."""

    def __new__(cls, dialect: Dialect | None, dialects: tuple[Dialect, ...], sure: Sure, text: str) -> Self: ...

@final
class SkziEntries:
    """Entries of the register, as JSON, one by one."""

    def __iter__(self) -> Self: ...
    def __next__(self) -> str: ...

@final
class OwnServer:
    """The own API of the server that a client asks."""

    def __new__(cls, client: Client) -> Self: ...
    def audit(
        self,
        after: int,
        limit: int,
        *,
        card: str | None,
        account: str | None,
        issuer: str | None,
        subject: str | None,
        since: str | None,
        until: str | None,
    ) -> tuple[list[str], int]:
        """A page of the audit log, an object of JSON for each row, and where the next rows come."""
    def requests(self, status: RequestStatus | RequestStatusWord | None, card: str | None) -> list[str]:
        """Requests of MIM CM and what they wait for, an object of JSON for each."""
    def decide(self, request: str, approve: bool) -> str:
        """Approves or denies a request of MIM CM; an object of JSON."""
    def accounts(self) -> list[str]:
        """The accounts, an object of JSON for each."""
    def roles(self) -> list[str]:
        """The roles, an object of JSON for each."""
    def put_account(
        self, name: str, password: str | None, role: str | None, disabled: bool | None, user: str | None
    ) -> str:
        """Changes an account, or adds it; an object of JSON."""

@final
class Explanation:
    """What a server offered, what was tried, and what was chosen; without secrets."""

    offered: Final[list[str]]
    """The schemes that the server offered when it was last asked, by its own words: a list of `str`."""
    tried: Final[list[tuple[str, str]]]
    """What was tried, with its outcome or why it was not tried: a list of pairs, each with a scheme as `SignIn`
    names it."""
    chosen: Final[str | None]
    """The scheme by which the server let the user in, as `SignIn` names it: `str`, or `None`."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

@final
class Server:
    """Both APIs over one registry."""

    def __new__(cls, settings: Mapping[str, Any]) -> Self: ...
    @property
    def url(self) -> str: ...
    @property
    def certiflow_url(self) -> str: ...
    def url_of(self, dialect: Dialect | DialectWord) -> str | None:
        """The base of a generation of CertiFlow's API."""
    @property
    def icmapi_url(self) -> str: ...
    @property
    def mim_url(self) -> str: ...
    @property
    def account(self) -> tuple[str, str]: ...
    def set_faults(self, faults: str) -> None:
        """Puts faults in force, as JSON."""
    def audit(self, after: int, limit: int) -> list[AuditEntry]:
        """The rows of the audit log after one of them."""
    def decide(self, request: str, approve: bool, by: str) -> None:
        """Approves a request of MIM CM, or denies it, in the name of an account."""
    def stop(self) -> None:
        """Stops the server. Twice is as good as once, and in a forked process nothing happens."""

@final
class AuditEntry:
    """A row of the server's audit log."""

    def __new__(
        cls,
        id: int,
        time: datetime,
        account: str,
        system: System | None,
        operation: str,
        card: int | None,
        uuid: str | None,
        before: State | None,
        after: State | None,
        note: str,
        done: bool,
    ) -> Self: ...
    id: Final[int]
    """Its number: they grow, and are never given twice."""
    time: Final[datetime]
    """When: `datetime` in UTC."""
    account: Final[str]
    """The account that did it."""
    system: Final[System | None]
    """Through which system: `System`, or `None` where it was done to the registry itself."""
    operation: Final[str]
    """What was done: the neutral name of an operation, or a word of the registry or the workflow."""
    card: Final[int | None]
    """The card, by its id in CertiFlow: `int`, or `None`."""
    uuid: Final[str | None]
    """The card, by its id in MIM CM at that time: `str`, or `None`."""
    before: Final[State | None]
    """The card's state before: `State`, or `None`."""
    after: Final[State | None]
    """The card's state after: `State`, or `None`."""
    note: Final[str]
    """The reason or comment that was given, or why it was refused."""
    done: Final[bool]
    """Whether it was done, and not refused."""

@final
class Atr:
    """The answer to reset of a card (ISO/IEC 7816-3, 8), from hexadecimal digits or bytes.

    Digits may have spaces and colons between them. What breaks a standard and can still be read is no error but one of `findings`.

    Raises:
        InputError: no ATR: it does not begin with 3B or 3F, or ends too early, or has more than 33 bytes.

        >>> atr = Atr("3B 8D 01 80 FB A0 00 00 03 97 42 54 46 59 03 01 C8")
        >>> atr.protocols, atr.historical_bytes.hex()
        ((1,), '80fba000000397425446590301')
        >>> [str(finding) for finding in atr.findings]
        []
    """

    def __new__(cls, atr: str | bytes | bytearray | list[int]) -> Self: ...
    def __bytes__(self) -> bytes: ...
    def __len__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...
    convention: Final[str]
    """`"direct"` or `"inverse"`, by TS."""
    levels: Final[tuple[Level, ...]]
    """The interface bytes, level by level."""
    protocols: Final[tuple[int, ...]]
    """T of each protocol that is offered, in the ATR's order; 0 where none is named."""
    first_offered: Final[int | None]
    """T of the first protocol that is offered; `None` where it is no protocol of the standard."""
    default_protocol: Final[int]
    """T of the standard's default: the protocol in use after a reset when nothing is negotiated."""
    pcsc_protocol: Final[int | None]
    """T of the protocol that a PC/SC service negotiates, as pcsc-lite does: T=1 where it is offered. `None` where it is
    neither 0 nor 1. A session says which one is in use."""
    indicates_t15: Final[bool]
    """Whether T=15 is indicated, which qualifies global bytes."""
    specific_mode: Final[SpecificMode | None]
    """The specific mode by TA2; `None` where the card can negotiate."""
    k: Final[int]
    """K, how many historical bytes T0 announces: 0 to 15."""
    historical_bytes: Final[bytes]
    """The historical bytes."""
    historical_at: Final[int]
    """Where the historical bytes begin, in bytes from TS."""
    historical: Final[Historical | None]
    """What the historical bytes say (ISO/IEC 7816-4, 8.1.1); `None` where there are none."""
    tck: Final[Tck]
    """The check byte TCK."""
    surplus: Final[bytes]
    """The bytes behind the end of the ATR."""
    ta1: Final[int]
    """TA1 as it counts: 11 in hexadecimal where there is none."""
    fi: Final[int | None]
    """Fi, the clock rate conversion integer; `None` where TA1 has a reserved one."""
    di: Final[int | None]
    """Di, the baud rate adjustment integer; `None` where TA1 has a reserved one."""
    fmax_khz: Final[int | None]
    """The highest clock in kilohertz; `None` where TA1 has a reserved Fi."""
    vpp: Final[Vpp | None]
    """The programming voltage by TB1 and TB2, which no reader supplies any more."""
    pi2: Final[int | None]
    """PI2 of TB2, in tenths of a volt."""
    n: Final[int]
    """N, the extra guard time of TC1: 0 to 255."""
    wi: Final[int | None]
    """WI of T=0; `None` where T=0 is not offered."""
    t1: Final[T1 | None]
    """The parameters of T=1; `None` where they do not count."""
    globals: Final[Globals]
    """The global bytes after T=15: clock stop, classes, use of C6."""
    rate_after_reset: Final[Rate | None]
    """The rate right after the reset; `None` where it is implicit or reserved."""
    findings: Final[tuple[Finding, ...]]
    """Everything in which it breaks the standards, in the order of the bytes."""
    def timing(self, rate: Rate | None = None) -> Timing:
        """The times at a rate, in cycles of the clock; without one, at that after the reset, or 372/1."""
    def emv_refusals(self, *, warm: bool = False) -> tuple[str, ...]:
        """Names of the rules for which a payment terminal refuses it (EMV), after a cold or a warm reset."""

@final
class Timing:
    """Times in cycles of the clock, exact: `fractions.Fraction`. Divided by the clock in hertz they are seconds."""

    etu: Final[Fraction]
    """One elementary time unit, F/D (7.1)."""
    gt: Final[Fraction]
    """The guard time (8.3)."""
    wt: Final[Fraction | None]
    """The waiting time of T=0 (10.2); `None` where T=0 is not offered."""
    cgt: Final[Fraction | None]
    """The character guard time of T=1 (11.2); `None` where T=1 is not offered, as the next three."""
    cwt: Final[Fraction | None]
    """The character waiting time of T=1 (11.4.3)."""
    bgt: Final[Fraction | None]
    """The block guard time of T=1 (11.4.3)."""
    bwt: Final[Fraction | None]
    """The block waiting time of T=1 (11.4.3)."""

@final
class Rate:
    """A rate F/D: cycles of the clock for a bit."""

    def __new__(cls, f: int, d: int) -> Self: ...
    f: Final[int]
    """F."""
    d: Final[int]
    """D."""
    def bits_per_second(self, clock_hz: int) -> int:
        """Bits in a second at a clock in hertz, rounded down."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Finding:
    """One breach of a standard. `str()` gives its name, such as `tck-missing`."""

    rule: Final[Rule]
    """The rule that is broken: `Rule`."""
    at: Final[int]
    """The offset of the byte concerned, from TS; the length of the ATR for a missing byte."""
    value: Final[int | None]
    """The byte concerned; `None` for a missing one."""
    text: Final[str]
    """One line in plain words."""
    standard: Final[str]
    """The standard."""
    clause: Final[str]
    """The clause of the standard."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Historical:
    """Historical bytes, as their category has them (ISO/IEC 7816-4:2005, 8.1.1)."""

    kind: Final[str]
    """`"compact-tlv"`, `"dir-data-reference"`, `"storage-card"`, `"reserved"` or `"proprietary"`."""
    category: Final[int]
    """The category byte."""
    objects: Final[tuple[DataObject, ...]]
    """The data objects of COMPACT-TLV; none in other categories."""
    rest: Final[bytes]
    """The bytes behind the last object that are none."""
    status: Final[Status | None]
    """The status indicator, or `None`."""
    card_service_data: Final[CardServiceData | None]
    """Data object 43, or `None`."""
    capabilities: Final[Capabilities | None]
    """Data object 47, or `None`."""
    initial_access: Final[bytes | None]
    """The command APDU that reads the first data, by data object 44, or `None`."""
    country_code: Final[int | None]
    """The country by ISO 3166-1, a number of three digits, by data object 41, or `None`."""
    issuer: Final[str | None]
    """The digits of the issuer identification number, by data object 42, or `None`."""
    application_identifier: Final[bytes | None]
    """An application identifier, by data object 4F, or `None`."""
    dir_data_reference: Final[int | None]
    """The DIR data reference, or `None`."""
    storage_card: Final[StorageCard | None]
    """What a contactless reader says of a storage card (PC/SC part 3, 3.1.3.2.3.2), or `None`."""
    def __bytes__(self) -> bytes: ...

@final
class DataObject:
    """A data object of COMPACT-TLV."""

    tag: Final[int]
    """The lower half of its tag: 7 for 47."""
    value: Final[bytes]
    """Its content: `bytes`."""
    text: Final[str | None]
    """What it holds, in a few words; `None` where the tag is reserved."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Level:
    """The interface bytes of one level."""

    number: Final[int]
    """Its number, from 1 on."""
    ta: Final[int | None]
    """TA: `int`, or `None`."""
    tb: Final[int | None]
    """TB: `int`, or `None`."""
    tc: Final[int | None]
    """TC: `int`, or `None`."""
    td: Final[int | None]
    """TD: `int`, or `None`."""
    t: Final[int | None]
    """T of this level's TD: `int`, or `None`."""
    qualified_by: Final[int | None]
    """T of the TD before, which says what TA, TB and TC are for: `int`, or `None` at level 1."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class SpecificMode:
    """Specific mode: one protocol from the start, with no negotiation (TA2)."""

    t: Final[int]
    """T of the protocol."""
    can_change: Final[bool]
    """Whether a warm reset leads to negotiable mode."""
    implicit: Final[bool]
    """Whether the parameters are implicit, not those of TA1."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Tck:
    """The check byte."""

    state: Final[str]
    """`"not-needed"`, `"right"`, `"wrong"`, `"missing"` or `"unexpected"`."""
    at: Final[int]
    """Where it stands or would stand, in bytes from TS."""
    value: Final[int | None]
    """The byte that stands there: `int`, or `None`."""
    right: Final[int]
    """The byte that would be right."""
    expected: Final[bool]
    """Whether the protocols demand one."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Vpp:
    """The programming voltage."""

    milliamperes: Final[int | None]
    """The greatest current in milliamperes; `None` where it is reserved."""
    volts: Final[int]
    """The voltage in volts; 0 is a card that has no use for it."""
    decivolts: Final[int | None]
    """The voltage in tenths of a volt, where TB2 gives it."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class T1:
    """The parameters of T=1."""

    ifsc: Final[int]
    """The most bytes in the information field of a block: 1 to 254."""
    bwi: Final[int]
    """Of which the block waiting time is made."""
    cwi: Final[int]
    """Of which the character waiting time is made."""
    edc: Final[str]
    """`"lrc"` or `"crc"`."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Globals:
    """The global bytes."""

    clock_stop: Final[str]
    """`"not-supported"`, `"state-l"`, `"state-h"` or `"no-preference"`."""
    classes: Final[int]
    """The classes of operating conditions, as bits: 1 is A (5 V), 2 is B (3 V), 4 is C (1.8 V)."""
    spu: Final[int]
    """The byte that says what contact C6 is used for; 0 for nothing."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Status:
    """The status of a card."""

    life_cycle: Final[int | None]
    """The life cycle status byte: `int`, or `None`."""
    life_cycle_name: Final[str | None]
    """Its name: `str`, or `None`."""
    sw: Final[int | None]
    """SW1 SW2: `int`, or `None`."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class CardServiceData:
    """The card service data byte."""

    byte: Final[int]
    """The byte."""
    by_full_df_name: Final[bool]
    """Whether an application is selected by its full DF name."""
    by_partial_df_name: Final[bool]
    """Whether an application is selected by a part of its DF name."""
    objects_in_dir: Final[bool]
    """Whether EF.DIR has BER-TLV data objects."""
    objects_in_atr: Final[bool]
    """Whether EF.ATR/INFO has BER-TLV data objects."""
    access: Final[str | None]
    """How these files are read: `"READ BINARY"`, `"READ RECORD"`, `"GET DATA"`, or `None`."""
    has_master_file: Final[bool]
    """Whether the card has a master file."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Capabilities:
    """The software function tables that a card gives. What is of a table that is not there is `None`."""

    selection: Final[list[str]]
    """How files are selected: a list of a few words each."""
    tlv_files: Final[bool | None]
    """Whether there are EFs of TLV structure."""
    write_behaviour: Final[str | None]
    """What writing does to a file that holds something already, in a word or two."""
    ff_is_tag: Final[bool | None]
    """Whether FF may begin a BER-TLV tag."""
    data_unit_quartets: Final[int | None]
    """The size of a data unit in halves of a byte."""
    command_chaining: Final[bool | None]
    """Whether commands may be chained."""
    extended_length: Final[bool | None]
    """Whether commands of extended length are taken."""
    extended_length_information: Final[bool | None]
    """Whether EF.ATR/INFO says how long they may be."""
    channel_by_card: Final[bool | None]
    """Whether the card assigns logical channels."""
    channel_by_reader: Final[bool | None]
    """Whether the reader assigns logical channels."""
    channels: Final[int | None]
    """The most logical channels; 8 is 8 or more."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class StorageCard:
    """What a contactless reader says of a storage card."""

    standard: Final[int]
    """SS, the number of its standard."""
    standard_name: Final[str | None]
    """The standard's name; `None` where the number is reserved."""
    number: Final[int]
    """NN, the number of its name."""
    name: Final[str | None]
    """Its name; `None` where nobody has documented one."""
    is_vendors: Final[bool]
    """Whether the name is a reader maker's, not of PC/SC's list."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
