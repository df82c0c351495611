"""An export: which tickets to ask for, where each goes, and how far it is. It asks nobody, and serves both clients."""

from collections.abc import AsyncGenerator, Iterable, Iterator, Sized
from contextlib import aclosing, suppress
from itertools import chain
from threading import Lock
from typing import Final

from enneo_mind_client.bulk import TicketConversations
from enneo_mind_client.clock import Clock
from enneo_mind_client.config import count
from enneo_mind_client.errors import (
    APIConnectionError,
    ConfigurationError,
    EnneoMindError,
    ExportError,
    InternalServerError,
    RateLimitError,
    ResponseError,
)
from enneo_mind_client.events import tell
from enneo_mind_client.export.folder import Folder
from enneo_mind_client.export.lines import failure_line, ticket_line
from enneo_mind_client.export.results import ExportResult, Progress, ProgressHook
from enneo_mind_client.ids import Ids, Seen, check_ids, each, read_id

LARGEST: Final = 2**63 - 1
"""The largest ticket id that the tables of an export can hold."""

SHOWN: Final = 100
"""How many of the values that are no ids are kept to be shown."""

_OUTAGE: Final = (APIConnectionError, InternalServerError, RateLimitError)


class Job:
    """One run of an export, from `open` to `finish`, and `close` in any case.

    `seal` and `finish` may run in a thread beside: `close` waits for them.

    Args:
        folder: Where to.
        clock: What the rate is measured by.
        part_size: Tickets of a part.
        give_up_after: Tickets in a row that fail for the server's sake, after which it is no use; None is never.
        on_progress: Told of every ticket.
        retry_failed: Whether to ask for the tickets again that could not be had by earlier runs.
    """

    def __init__(
        self,
        folder: Folder,
        clock: Clock,
        part_size: int,
        give_up_after: int | None = None,
        on_progress: ProgressHook | None = None,
        *,
        retry_failed: bool = False,
    ) -> None:
        self._folder, self._clock, self._retry, self._hook = folder, clock, retry_failed, on_progress
        self._part_size = count(part_size, "part_size")
        self._patience = None if give_up_after is None else count(give_up_after, "give_up_after")
        self._done, self._held = Seen(), list[bytes]()
        self._tickets = self._fetched = self._failed = self._skipped = self._invalid = 0
        self._invalid_ids = list[str]()
        self._retried = 0
        self._total: int | None = None
        self._began = clock.monotonic()
        self._busy, self._closed = Lock(), False

    def open(self) -> None:
        """Take the folder, and read what is in it.

        Raises:
            ExportError: It cannot be written to, or is not for this export.
        """
        with self._busy:
            if self._closed:
                return
            folder = self._folder
            folder.open()
            self._tickets = folder.read(self._done)
            if self._retry:
                folder.retry()
            for ticket in folder.failures.ids():
                self._done.add(ticket)
            self._retried = sum(1 for _ in folder.retried.ids())
            if folder.tail.count >= self._part_size:  # a crash came before a part was made of it
                self._seal()
            self._began = self._clock.monotonic()

    def close(self) -> None:
        """Give the folder free."""
        with self._busy:
            self._closed = True
            self._folder.close()

    def wanted(self, ids: Iterable[object]) -> Iterator[int]:
        """Return those of the ids that are to be asked for, after those that are tried again."""
        self._expect(ids, may_be_asynchronous=False)
        return filter(None, map(self._admit, chain(self._folder.retried.ids(), ids)))

    async def awanted(self, ids: Ids) -> AsyncGenerator[int, None]:
        """Yield those of the ids that are to be asked for, after those that are tried again."""
        self._expect(ids, may_be_asynchronous=True)
        for value in filter(None, map(self._admit, self._folder.retried.ids())):
            yield value
        async with aclosing(each(ids)) as all_given:
            async for given_id in all_given:
                if ticket_id := self._admit(given_id):
                    yield ticket_id

    def take(self, ticket: TicketConversations) -> bool:
        """Write a ticket down, and return whether there are enough for a part.

        Raises:
            ExportError: The disk refuses, or the server has failed for too many tickets in a row.
        """
        error = ticket.error or self._write(ticket)
        if error is not None:
            self._held.append(failure_line(ticket.ticket_id, error))
        if isinstance(error, _OUTAGE) and self._patience is not None:
            self._give_up(error)
        else:
            self._settle()
        self.tell()
        return self._folder.tail.count >= self._part_size

    def tell(self) -> None:
        """Tell how far it is; not in another thread than the caller's."""
        tell(self._hook, self._progress())

    def seal(self) -> None:
        """Make a part of the tickets that are none yet.

        Raises:
            ExportError: The disk refuses.
        """
        with self._busy:
            self._seal()

    def finish(self) -> ExportResult:
        """Make what the export is for of what was written down.

        Raises:
            ExportError: The disk refuses.
        """
        with self._busy:
            if not self._closed:
                self._settle()
                self._seal()
                self._folder.finish()
            return ExportResult(
                path=self._folder.result,
                tickets=self._tickets,
                failures=self._folder.failures.count,
                fetched=self._fetched,
                skipped=self._skipped,
                invalid=self._invalid,
                invalid_ids=(*self._invalid_ids,),
            )

    def _seal(self) -> None:
        if self._folder.tail.count and not self._closed:
            self._folder.seal()

    def _expect(self, ids: object, *, may_be_asynchronous: bool) -> None:
        check_ids(ids, may_be_asynchronous=may_be_asynchronous)
        with suppress(OverflowError):  # of a range that nobody will see the end of
            self._total = self._retried + len(ids) if isinstance(ids, Sized) else None

    def _admit(self, value: object) -> int:
        """Return a ticket to ask for, 0 for none."""
        try:
            ticket_id = read_id(value)
            if ticket_id > LARGEST:
                raise ConfigurationError(f"{ticket_id} is no ticket id: it has more than 64 bits.")
        except ConfigurationError as error:
            self._invalid += 1
            self._invalid_ids += [str(error)] if self._invalid <= SHOWN else []
            return 0
        if self._done.add(ticket_id):
            return ticket_id
        self._skipped += 1
        return 0

    def _write(self, ticket: TicketConversations) -> EnneoMindError | None:
        try:
            line = ticket_line(ticket)
        except (ValueError, RecursionError) as failure:
            return ResponseError(f"The answer cannot be written down: {type(failure).__name__}.", kind="shape")
        self._folder.tail.append(line)
        self._tickets += 1
        self._fetched += 1
        return None

    def _settle(self) -> None:
        """Write down what was held back: the server answers, so it was for the tickets' sake that they failed."""
        for line in self._held:
            self._folder.failures.append(line)
        self._failed += len(self._held)
        self._held.clear()

    def _give_up(self, error: EnneoMindError) -> None:
        if len(self._held) == self._patience:
            said = (
                f"The server failed for {len(self._held)} tickets in a row: run it again later. The last error: {error}"
            )
            raise ExportError(said, kind="outage", path=str(self._folder.path)) from error

    def _progress(self) -> Progress:
        failed = self._failed + len(self._held)
        return Progress(
            position=self._fetched + failed + self._skipped + self._invalid,
            total=self._total,
            fetched=self._fetched,
            failed=failed,
            skipped=self._skipped,
            elapsed=self._clock.monotonic() - self._began,
        )
