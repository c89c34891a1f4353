"""Names of the segments of PostgreSQL's log of changes: order, next one, gaps."""

from __future__ import annotations

import re
from collections.abc import Iterable

SEGMENT = re.compile(r"[0-9A-F]{24}")
_LOG_BYTES = 2**32


def next_segment(name: str, segment_bytes: int) -> str:
    """Return the name that follows on the same timeline.

    Args:
        name: 24 hexadecimal digits: timeline, log, place in the log.
        segment_bytes: size of one segment; 16 MiB unless the cluster was made otherwise.
    """
    timeline, log, place = name[:8], int(name[8:16], 16), int(name[16:], 16)
    place += 1
    if place == _LOG_BYTES // segment_bytes:
        log, place = log + 1, 0
    return f"{timeline}{log:08X}{place:08X}"


def missing_segments(names: Iterable[str], first: str, segment_bytes: int) -> list[str]:
    """Return the segments that are missing between the first needed and the last one there.

    Args:
        names: what is stored; names that are no segments are ignored.
        first: the segment a base backup begins with.
        segment_bytes: size of one segment.

    Returns:
        Names in order; `first` itself if nothing from there on is stored.
    """
    stored = {n for n in names if SEGMENT.fullmatch(n) and n[:8] == first[:8] and n >= first}
    if not stored:
        return [first]
    missing, wanted, last = [], first, max(stored)
    while wanted <= last:
        if wanted not in stored:
            missing.append(wanted)
        wanted = next_segment(wanted, segment_bytes)
    return missing


def older_than(names: Iterable[str], first: str) -> list[str]:
    """Return the segments no kept base backup needs: all before the first one it begins with."""
    return sorted(n for n in names if SEGMENT.fullmatch(n) and n[8:] < first[8:])
