"""Which backups go: all but the newest, and the segments only they needed."""

from __future__ import annotations

from config.backup.base_backup import KIND, backups_on
from config.backup.segments import older_than
from config.backup.shelf import Shelf


def remove_old(shelf: Shelf, keep: int) -> int:
    """Remove base backups beyond the newest ones, and the segments before the oldest kept.

    Args:
        shelf: the target.
        keep: base backups that stay; at least 1.

    Returns:
        How many files were removed.
    """
    backups = backups_on(shelf)
    kept = backups[-max(keep, 1) :]
    removed = backups[: len(backups) - len(kept)]
    for backup in removed:
        shelf.remove(KIND, backup.label)
    old = older_than(shelf.names("wal"), kept[0].first_segment) if kept else []
    for name in old:
        shelf.remove("wal", name)
    return len(removed) + len(old)
