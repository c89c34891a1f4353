"""Rows of COPY in binary form whose every column is eight bytes wide, as one matrix."""

from __future__ import annotations

import numpy as np

from claims.settlement.columns import Ints

_HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_TRAILER = b"\xff\xff"


class NotFixedWidth(ValueError):
    """A column was empty or of another width: the rows cannot be read as a matrix."""


def fixed_columns(copied: bytes, columns: int) -> Ints:
    """Read rows of bigint columns, none of them null.

    A row is the number of its columns in two bytes, and for each column its length in four
    bytes and its value in eight, most significant byte first.

    Args:
        copied: the whole answer of COPY ... (FORMAT BINARY).
        columns: how many columns were asked for.

    Returns:
        (columns, n) int64, each column contiguous.

    Raises:
        NotFixedWidth: the bytes are anything else.
    """
    row = np.dtype([("count", ">i2"), ("fields", [("length", ">i4"), ("value", ">i8")], columns)])
    body = len(copied) - len(_HEADER) - len(_TRAILER)
    is_framed = copied.startswith(_HEADER) and copied.endswith(_TRAILER)
    if not is_framed or body % row.itemsize:
        raise NotFixedWidth
    rows = np.frombuffer(copied, dtype=row, count=body // row.itemsize, offset=len(_HEADER))
    if (rows["count"] != columns).any() or (rows["fields"]["length"] != 8).any():
        raise NotFixedWidth
    return np.ascontiguousarray(rows["fields"]["value"].T).astype(np.int64)
