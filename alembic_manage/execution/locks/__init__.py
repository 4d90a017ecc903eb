"""One migrator at a time: a lock that dies with the process or the connection that holds it."""

from alembic_manage.execution.locks.lock import Holder, LockKey, MigrationLock
from alembic_manage.execution.locks.locks import lock_for, lock_key
from alembic_manage.execution.locks.waiting import held

__all__ = ["Holder", "LockKey", "MigrationLock", "held", "lock_for", "lock_key"]
