"""One server to a data folder: a lock that the kernel drops when its holder ends, however it ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

from muybridge.errors import Unavailable


class FolderLock:
    """Held from `take` to `drop`, or to the end of this process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Hold the folder; raises Unavailable naming the process that has it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        file = (self._folder / "lock").open("a+", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read(20).strip() or "unknown"
            file.close()
            raise Unavailable(
                f"the data folder {self._folder} is in use by another server (process {holder}); "
                "stop that one, or give this one its own folder with MUYBRIDGE_DATA"
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._file = file

    def drop(self) -> None:
        """Let the folder go."""
        if self._file:
            self._file.close()
            self._file = None
