"""Unpacks an archive of tar, also on the first patch releases of Python 3.11 (Debian's), which have no filters."""

import tarfile
from pathlib import Path


def unpack(archive: tarfile.TarFile, folder: str | Path) -> None:
    """Unpack what the project itself has packed; where Python has a filter, nothing leaves the folder."""
    archive.extraction_filter = getattr(tarfile, "data_filter", None)
    archive.extractall(folder)  # noqa: S202 - the filter is set above
