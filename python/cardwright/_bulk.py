"""One operation for many cards."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypedDict, Union

from . import _arguments
from ._cardwright import Bulk, Cards, Progress
from ._client import _Client
from ._given import _By, _Cards, given
from .errors import InputError

if TYPE_CHECKING:
    from ._enums import Operation, OperationWord, RevocationReason, RevocationReasonWord

_LOG = logging.getLogger("cardwright.bulk")

SETTINGS = ("concurrency", "rate", "canary", "max_failures", "attempts", "longest_wait")
"""What `Bulk.run()` takes of the arguments of `bulk()`."""

_Shown = Union[Callable[[Progress], object], Literal["tqdm", "rich"], bool, None]
"""How progress is shown."""


class BulkOptions(TypedDict, total=False):
    """The settings of a bulk operation; what is not given is as it says. `bulk()` has the whole of it."""

    by: _By
    """What texts without a column are: `"id"` or `"serial_number"`. Ids."""
    reason: RevocationReason | RevocationReasonWord | None
    """Why, for CertiFlow's Revoke."""
    comment: str
    """A comment for the requests of MIM CM."""
    journal: str | os.PathLike[str] | None
    """The file that is written before a card's request is sent. None."""
    resume: bool
    """Whether to go on with an existing journal. `False`."""
    concurrency: int
    """How many cards are under way at the same time, 1 to 1,024. 8."""
    rate: float | None
    """The most operations a second. No limit."""
    canary: int
    """How many cards go first, one by one. 0."""
    max_failures: int | None
    """The run stops when more cards than this have failed or are unknown. No limit."""
    attempts: int
    """How often a card's operation is sent at most. 5."""
    longest_wait: float
    """The longest wait in seconds that the server may ask for. 300."""
    expect: int | None
    """The number of cards that it must be. None: for many, a person is asked."""
    confirm_above: int
    """For how many cards it needs no confirmation. 100."""
    progress: _Shown
    """How progress is shown: a function, `"tqdm"`, `"rich"`, or `True`. Not at all."""


def plan(
    cards: _Cards,
    operation: Operation | OperationWord,
    *,
    client: _Client[Any] | None = None,
    by: _By = None,
    reason: RevocationReason | RevocationReasonWord | None = None,
    comment: str = "",
) -> Bulk:
    """What an operation would do to each of these cards; nothing is sent but what the list itself asks for.

    `cards` is a list that a client's `cards()` gives; or, together with the `client` to do it with, any other list of
    cards:

    - records of cards, ids, or both;
    - a frame of pandas or polars, a table of Arrow, or the rows of `csv.DictReader`, with a column `id` or
      `serial_number`, or the vendor's name of one of them;
    - the name of a file, as the command's `bulk --from` reads it: an id a line, or CSV with such a column.

    Where there are both columns, the ids count. A text without a column is an id; `by="serial_number"` says that
    texts are serial numbers, or which of the columns counts. Each card is looked up first.

    `operation` is its neutral or the system's own word; `reason` is for CertiFlow's Revoke, `comment` for the
    requests of MIM CM. A card that comes twice counts once; one that the tables do not allow it for is skipped.

        >>> import cardwright
        >>> with cardwright.Server(seed=1, cards=50) as server, server.certiflow() as cm:
        ...     cardwright.plan(cm.cards(state="Disabled"), "Enable").groups
        [<Group 2 Disabled, planned: <Verdict allowed, to Issued (documented: API, Enable; guide, Disabling and enabling)>>]

    Raises:
        CardwrightError: the list cannot be read whole, or the system or its dialect lacks the operation.
        NotFound: cards that the system does not have; the text names them.
        AnswerError: two records have one serial number.
        InputError: no column tells which cards are meant, or the list is of another client.
    """
    _arguments.text("comment", comment)
    if isinstance(cards, Cards):
        owner = None if client is None else client._client
        return Bulk.of_list(cards, owner, operation, reason, comment)
    return Bulk.of_cards(_needed(client)._client, given(cards, by), operation, reason, comment)


def resume(client: _Client[Any], journal: str | os.PathLike[str]) -> Bulk:
    """The plan in a journal and what has come of it, to be looked at, and to go on with by its `run()`.

    Raises:
        JournalError: it is of another server, is damaged, or is being used by another run.
    """
    return Bulk.of_journal(_needed(client)._client, _arguments.file("journal", journal))


def bulk(
    cards: _Cards,
    operation: Operation | OperationWord,
    *,
    client: _Client[Any] | None = None,
    by: _By = None,
    reason: RevocationReason | RevocationReasonWord | None = None,
    comment: str = "",
    journal: str | os.PathLike[str] | None = None,
    resume: bool = False,
    concurrency: int = 8,
    rate: float | None = None,
    canary: int = 0,
    max_failures: int | None = None,
    attempts: int = 5,
    longest_wait: float = 300.0,
    expect: int | None = None,
    confirm_above: int = 100,
    progress: _Shown = None,
) -> Bulk:
    """Does an operation to many cards, and returns the result for each: a table.

    The first arguments are those of `plan()`. `journal` is a new file that is written before a card's
    request is sent; with `resume=True`, an existing file is continued, and nothing is done twice. The cards must be
    those of the journal; a list is read anew, and may lack those that were done. Where nothing is left to do, nothing is
    done: the result is as it was, its `note` says so, and so does the log. Without a journal, a killed run cannot be
    resumed. The settings are those of `Bulk.run()`: `canary` cards go first, one by one; `rate` is
    operations a second.

    For more than `confirm_above` cards, `expect` must be their number. Default: a person at a terminal is shown the
    plan and asked to type the number.

    `progress` is called with a `Progress` about ten times a second; `"tqdm"` and `"rich"` draw a bar, and `True` uses
    what is installed of both, or writes a line. Ctrl-C lets the cards that are under way come to their end and
    raises `KeyboardInterrupt`; a second one stops at once. The journal says how far it came.

        >>> import cardwright
        >>> with cardwright.Server(seed=1, cards=50) as server, server.certiflow() as cm:
        ...     cardwright.bulk(cm.cards(state="Disabled"), "Enable").counts
        <Counts 2 done>

    Raises:
        InputError: the number of cards is another one, or was not confirmed.
        BulkStopped: it ended early; a card that fails is no exception, but a row of the table.
        JournalError: the journal cannot be used, or is of other cards.
    """
    work = _prepared(
        cards, operation, client=client, by=by, reason=reason, comment=comment, journal=journal, resume=resume, expect=expect,
        confirm_above=confirm_above,
    )
    settings = (concurrency, rate, canary, max_failures, attempts, longest_wait)
    _carry_out(work, progress, dict(zip(SETTINGS, settings)))
    return work


def _prepared(
    cards: _Cards,
    operation: Operation | OperationWord,
    *,
    client: _Client[Any] | None,
    by: _By,
    reason: RevocationReason | RevocationReasonWord | None,
    comment: str,
    journal: str | os.PathLike[str] | None,
    resume: bool,
    expect: int | None,
    confirm_above: int,
    may_ask: bool = True,
) -> Bulk:
    """What is to be carried out, with its journal."""
    if resume and journal is not None and os.path.exists(journal):
        source = cards if isinstance(cards, Cards) else _needed(client)._client
        listed = cards if isinstance(cards, Cards) else given(cards, by)
        work = Bulk.of_journal(source, os.fspath(journal))
        work.check(operation, reason, comment, listed)
    else:
        work = plan(cards, operation, client=client, by=by, reason=reason, comment=comment)
        _confirmed(work, expect, confirm_above, may_ask)
        if journal is not None:
            work.keep(os.fspath(journal))
    return work


def _carry_out(
    work: Bulk, progress: _Shown, settings: dict[str, Any], look: Callable[[], object] | None = None
) -> None:
    """Carries it out, and shows how far it is. `look` is called as often as the progress is, and may raise too."""
    shown = _shown(progress, len(work))

    def tell(now: Progress) -> None:
        if look is not None:
            look()
        if shown is not None:
            shown(now)

    try:
        work.run(**settings, progress=None if look is None and shown is None else tell)
    finally:
        if isinstance(shown, (_Tqdm, _Rich, _Line)):
            shown.close()
    if work.note is not None and work.journal is not None:
        _LOG.warning("%s: %s", work.journal, work.note)


def _needed(client: _Client[Any] | None) -> _Client[Any]:
    if client is None:
        raise InputError("cards that are not a client's cards() need client=, which shall do it")
    if not isinstance(client, _Client):
        _arguments.wrong("client", "a client", client)
    return client


def _confirmed(work: Bulk, expect: int | None, above: int, may_ask: bool) -> None:
    cards, word = work.counts.planned, work.word.lower()
    if expect is not None:
        if expect != cards:
            raise InputError(f"{expect} cards were expected, and it would {word} {cards}; nothing was done")
    elif cards > above:
        if not may_ask or sys.stdin is None or not sys.stdin.isatty():
            said = "nobody is here to confirm it; nothing was done"
            raise InputError(f"{said}: expect={cards} does it without asking, if it is still {cards} cards then")
        for group in work.groups:
            print(group, file=sys.stderr)
        if input(f"Type {cards} to {word} {cards:,} cards: ").strip() != str(cards):
            raise InputError("not confirmed; nothing was done")


class _Bar(Protocol):
    """A bar that shows progress."""

    def __call__(self, now: Progress) -> None: ...
    def close(self) -> None: ...


def _shown(progress: _Shown, total: int) -> Callable[[Progress], object] | None:
    if callable(progress) or progress is None:
        return progress
    if progress is False:
        return None
    for name, bar in _BARS.items():
        if progress is True or progress == name:
            try:
                return bar(total)
            except ImportError:
                if progress is not True:
                    raise
    if progress is True:
        return _Line(total)
    raise InputError(f'progress must be a function, True, "tqdm" or "rich", not {progress!r}')


def _words(now: Progress) -> str:
    counts = now.counts
    words = f"{counts.failed} failed, {counts.unknown} unknown"
    return f"{words}, waits for the server" if now.waits else words


class _Tqdm:
    def __init__(self, total: int) -> None:
        from tqdm.auto import tqdm

        self._bar = tqdm(total=total, unit="card")

    def __call__(self, now: Progress) -> None:
        self._bar.set_postfix_str(_words(now), refresh=False)
        self._bar.update(now.counts.total - now.counts.planned - self._bar.n)

    def close(self) -> None:
        self._bar.close()


class _Rich:
    def __init__(self, total: int) -> None:
        from rich import progress

        columns = (*progress.Progress.get_default_columns(), progress.TextColumn("{task.fields[words]}"))
        self._progress = progress.Progress(*columns)
        self._task = self._progress.add_task("cards", total=total, words="")
        self._progress.start()

    def __call__(self, now: Progress) -> None:
        ended = now.counts.total - now.counts.planned
        self._progress.update(self._task, completed=ended, words=_words(now))

    def close(self) -> None:
        self._progress.stop()


class _Line:
    def __init__(self, total: int) -> None:
        self._total = total

    def __call__(self, now: Progress) -> None:
        ended = now.counts.total - now.counts.planned
        print(f"\r{ended} of {self._total} cards, {_words(now)} ", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        print(file=sys.stderr)


_BARS: dict[str, Callable[[int], _Bar]] = {"tqdm": _Tqdm, "rich": _Rich}
