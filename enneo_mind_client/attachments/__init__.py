"""Downloads of attachments: each a whole file under a safe name in a folder, or an error that says why not."""

import asyncio
import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

from enneo_mind_client._generated.models import Attachment, Conversation
from enneo_mind_client.api import Api, AsyncApi
from enneo_mind_client.attachments.folder import Folder
from enneo_mind_client.attachments.many import Download, Limits, attachments_of
from enneo_mind_client.attachments.transfer import download
from enneo_mind_client.config import count
from enneo_mind_client.drivers import adrive, drive
from enneo_mind_client.errors import EnneoMindError
from enneo_mind_client.threads import Threads, begin

MAX_BYTES: Final = 2 * 2**30
"""The largest file that is stored, unless a call is told otherwise."""


class Attachments:
    """The attachments of conversations, blocking."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def download(
        self,
        attachment: Attachment,
        directory: str | os.PathLike[str],
        *,
        max_bytes: int = MAX_BYTES,
        deadline: float | None = None,
    ) -> Path:
        """Store an attachment as a new file and return its path.

        The name is the attachment's, made safe, with a number if it is taken. A download that breaks off is carried
        on, also by a later call: what has come is kept beside it as a `.part`. The client's `timeout` bounds the
        silence (64 KiB must come within it), not the whole.

        Args:
            attachment: What to store.
            directory: Where; it is made if it is not there.
            max_bytes: The largest file that is stored.
            deadline: Seconds for the whole download with its retries; None for no bound.

        Raises:
            DownloadError: It cannot be stored: see its `kind`.
            EnneoMindError: It does not come; see `enneo_mind_client.errors` for which and what to do.
        """
        limits = Limits(max_bytes=max_bytes, deadline=deadline)
        with Folder(directory) as folder:
            return self._download(attachment, folder, limits)

    def download_all(
        self,
        items: Iterable[Attachment | Conversation],
        directory: str | os.PathLike[str],
        *,
        concurrency: int = 4,
        max_bytes: int = MAX_BYTES,
        deadline: float | None = None,
    ) -> list[Download]:
        """Store many attachments, each as `download` does, and return what came of each, in their order.

        Args:
            items: Attachments, and conversations whose attachments are meant.
            directory: Where; it is made if it is not there.
            concurrency: Downloads at the same time.
            max_bytes: The largest file that is stored.
            deadline: Seconds for each download with its retries; None for no bound.

        Raises:
            AuthenticationError: The credential was refused; any other error belongs to its attachment.
        """
        limits, size = Limits(max_bytes=max_bytes, deadline=deadline), count(concurrency, "concurrency")
        folder = Folder(directory)
        todo = [partial(self._try, each, folder, limits) for each in attachments_of(items)]
        done = begin(partial(_done, todo, folder, size), "enneo-mind-downloads")
        try:
            return done.result()
        except BaseException:  # Ctrl-C is not kept waiting: the threads end by themselves
            folder.leave()
            raise

    def _try(self, attachment: Attachment, folder: Folder, limits: Limits) -> Download:
        try:
            return Download(attachment, self._download(attachment, folder, limits), None)
        except EnneoMindError as error:
            return Download.failed(attachment, error)

    def _download(self, attachment: Attachment, folder: Folder, limits: Limits) -> Path:
        engine, shared = self._api.connections.engine(), self._api.connections.shared
        return drive(download(attachment, folder, shared, self._api.settings, limits), engine, shared.clock)


def _done(todo: Iterable[Callable[[], Download]], folder: Folder, size: int) -> list[Download]:
    with folder, Threads(size, "enneo-mind-download") as threads:
        tasks = [threads.submit(job) for job in todo]
        try:
            return [task.result() for task in tasks]
        except BaseException:
            folder.leave()
            raise


class AsyncAttachments:
    """The attachments of conversations, asynchronously."""

    def __init__(self, api: AsyncApi) -> None:
        self._api = api

    async def download(
        self,
        attachment: Attachment,
        directory: str | os.PathLike[str],
        *,
        max_bytes: int = MAX_BYTES,
        deadline: float | None = None,
    ) -> Path:
        """Store an attachment as a new file and return its path.

        The name is the attachment's, made safe, with a number if it is taken. A download that breaks off is carried
        on, also by a later call: what has come is kept beside it as a `.part`. The client's `timeout` bounds the
        silence (64 KiB must come within it), not the whole.

        Args:
            attachment: What to store.
            directory: Where; it is made if it is not there.
            max_bytes: The largest file that is stored.
            deadline: Seconds for the whole download with its retries; None for no bound.

        Raises:
            DownloadError: It cannot be stored: see its `kind`.
            EnneoMindError: It does not come; see `enneo_mind_client.errors` for which and what to do.
        """
        limits = Limits(max_bytes=max_bytes, deadline=deadline)
        with Folder(directory) as folder:
            return await self._download(attachment, folder, limits)

    async def download_all(
        self,
        items: Iterable[Attachment | Conversation],
        directory: str | os.PathLike[str],
        *,
        concurrency: int = 4,
        max_bytes: int = MAX_BYTES,
        deadline: float | None = None,
    ) -> list[Download]:
        """Store many attachments, each as `download` does, and return what came of each, in their order.

        Args:
            items: Attachments, and conversations whose attachments are meant.
            directory: Where; it is made if it is not there.
            concurrency: Downloads at the same time.
            max_bytes: The largest file that is stored.
            deadline: Seconds for each download with its retries; None for no bound.

        Raises:
            AuthenticationError: The credential was refused; any other error belongs to its attachment.
        """
        limits, size = Limits(max_bytes=max_bytes, deadline=deadline), count(concurrency, "concurrency")
        todo, done = enumerate(attachments_of(items)), dict[int, Download]()
        with Folder(directory) as folder:
            workers = [asyncio.create_task(self._work(todo, folder, limits, done)) for _ in range(size)]
            try:
                await asyncio.gather(*workers)
            finally:
                for worker in workers:
                    worker.cancel()
                await asyncio.gather(*workers, return_exceptions=True)
        return [done[number] for number in sorted(done)]

    async def _work(
        self, todo: Iterator[tuple[int, Attachment]], folder: Folder, limits: Limits, done: dict[int, Download]
    ) -> None:
        for number, attachment in todo:
            done[number] = await self._try(attachment, folder, limits)

    async def _try(self, attachment: Attachment, folder: Folder, limits: Limits) -> Download:
        try:
            return Download(attachment, await self._download(attachment, folder, limits), None)
        except EnneoMindError as error:
            return Download.failed(attachment, error)

    async def _download(self, attachment: Attachment, folder: Folder, limits: Limits) -> Path:
        engine, shared = self._api.connections.engine(), self._api.connections.shared
        return await adrive(download(attachment, folder, shared, self._api.settings, limits), engine, shared.clock)
