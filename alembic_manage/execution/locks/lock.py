"""What a lock can do, and who holds it."""

from __future__ import annotations

import getpass
import hashlib
import os
import socket
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol


@dataclass(frozen=True)
class Holder:
    """The process that holds the lock, as far as it is known."""

    host: str = ""
    pid: int | None = None
    """Of the process; of the server's session where nothing else is known."""
    user: str = ""
    since: datetime | None = None
    """When it got the lock (UTC)."""
    doing: str = ""
    """Which revision it runs."""

    @classmethod
    def this_process(cls) -> Holder:
        """This process, from now on."""
        return cls(socket.gethostname(), os.getpid(), _user(), datetime.now(UTC).replace(microsecond=0))

    @property
    def text(self) -> str:
        """For a person: "process 4711 of deploy on web-1, since 12:00:05 UTC, applying 0007_totals"."""
        parts = [
            f"process {self.pid}" if self.pid is not None else "another process",
            f" of {self.user}" if self.user else "",
            f" on {self.host}" if self.host else "",
            f", since {self.since:%Y-%m-%d %H:%M:%S} UTC" if self.since else "",
            f", {self.doing}" if self.doing else "",
        ]
        return "".join(parts)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


@dataclass(frozen=True)
class LockKey:
    """What is locked: one version table of one database."""

    database: str
    schema: str
    version_table: str
    name: str = field(init=False)
    """The same in one short word, for servers that name locks. MariaDB allows 64 characters."""

    def __post_init__(self) -> None:
        text = "\x00".join((self.database, self.schema, self.version_table))
        digest = hashlib.sha256(text.encode()).hexdigest()
        object.__setattr__(self, "name", f"alembic_manage_{digest[:32]}")

    @property
    def number(self) -> int:
        """The same as a signed 64-bit number, for servers that number locks."""
        digest = bytes.fromhex(self.name.rpartition("_")[2])
        return int.from_bytes(digest[:8], "big", signed=True)


class MigrationLock(Protocol):
    """A lock that nobody waits for inside of the database: it is tried, again and again."""

    def try_acquire(self, holder: Holder) -> bool:
        """Whether this process has it now."""

    def is_held(self) -> bool:
        """Whether this process still has it, asked where it is kept; false where the connection is gone."""

    def announce(self, holder: Holder) -> bool:
        """Let those who wait know what is being done; as is_held, without asking once more."""

    def holder(self) -> Holder | None:
        """Who has it; None where nobody does, or nothing tells."""

    def release(self) -> None:
        """Give it back; where it is lost, nothing."""
