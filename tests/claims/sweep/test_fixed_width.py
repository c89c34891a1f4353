"""Rows of COPY become a matrix, or are refused."""

import struct

import pytest

from claims.sweep.fixed_width import NotFixedWidth, fixed_columns

HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)


def row(*values):
    return struct.pack(">h", len(values)) + b"".join(struct.pack(">iq", 8, v) for v in values)


def test_columns_are_read_in_their_order():
    copied = HEADER + row(1, -2) + row(3, 2**62) + b"\xff\xff"
    assert fixed_columns(copied, 2).tolist() == [[1, 3], [-2, 2**62]]


def test_no_rows_are_no_columns_of_nothing():
    assert fixed_columns(HEADER + b"\xff\xff", 3).shape == (3, 0)


@pytest.mark.parametrize(
    "copied",
    [
        b"",
        HEADER + row(1, 2),
        HEADER + row(1) + b"\xff\xff",
        HEADER + row(1, 2) + b"\x00" + b"\xff\xff",
        HEADER + struct.pack(">hiqiq", 2, 8, 1, 4, 2) + b"\xff\xff",
    ],
    ids=["nothing", "cut off", "a column less", "a byte more", "another width"],
)
def test_anything_else_is_refused(copied):
    with pytest.raises(NotFixedWidth):
        fixed_columns(copied, 2)
