"""Accumulators of account-years: one matrix of accumulator ids by accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from claims.settlement.columns import Bools, Ints


class Accumulators:
    """What p accounts have used so far of every limit, deductible and running base.

    `matrix` is (a + 1, p) int64; the last row is a spare, always 0, for benefits that name no id, so
    that no claim needs a branch. Ids are the same for every account.
    """

    def __init__(self, names: Sequence[str], matrix: Ints) -> None:
        self.names = tuple(names)
        self.row_of = {name: row for row, name in enumerate(self.names)}
        # Slots are addressed in the flat matrix, which must be a view and never a copy.
        self.matrix = np.ascontiguousarray(matrix)
        self._moves: list[tuple[Ints, Ints]] = []

    @classmethod
    def empty(cls, names: Sequence[str], accounts: int) -> Accumulators:
        """Accounts in which nothing has been used yet."""
        return cls(names, np.zeros((len(names) + 1, accounts), dtype=np.int64))

    @property
    def values(self) -> Ints:
        """(a, p) without the spare row."""
        without_spare: Ints = self.matrix[:-1]
        return without_spare

    def block(self, first: int, last: int) -> Accumulators:
        """A copy of accounts first..last-1 to settle in, contiguous."""
        return Accumulators(self.names, self.matrix[:, first:last].copy())

    def named(self, name: str, accounts: Ints) -> Ints:
        """(m,) the accumulator of that name for the given accounts."""
        found: Ints = self.matrix[self.row_of[name]].take(accounts)
        return found

    def at(self, slots: Ints, accounts: Ints) -> Ints:
        """(m,) for each claim the accumulator its rule names (slot -1 = the spare row)."""
        return self._flat().take(self._index(slots, accounts))

    def add(self, account: int, amounts: Mapping[str, int]) -> None:
        """Post entries (grants, opening balances) to one account: fen by id, every id known."""
        for name, amount in amounts.items():
            self.matrix[self.row_of[name], account] += amount

    def put(self, name: str, accounts: Ints, values: Ints) -> None:
        """Set a reserved accumulator; claims share no account."""
        self.matrix[self.row_of[name]][accounts] = values

    def move(self, slots: Ints, accounts: Ints, amounts: Ints) -> None:
        """Add amounts and remember the move, so that `undo` can take it back."""
        index = self._index(slots, accounts)
        amounts = np.where(slots < 0, 0, amounts)
        flat = self._flat()
        flat[index] += amounts
        self._moves.append((index, amounts))

    def undo(self, mask: Bools) -> None:
        """Take back the moves of this wave for the claims in `mask` (held after all)."""
        flat = self._flat()
        for index, amounts in self._moves:
            flat[index[mask]] -= amounts[mask]

    def close_wave(self) -> None:
        """Forget the moves of the wave."""
        self._moves.clear()

    def _flat(self) -> Ints:
        flat: Ints = self.matrix.reshape(-1)
        return flat

    def _index(self, slots: Ints, accounts: Ints) -> Ints:
        rows = np.where(slots < 0, len(self.names), slots)
        index: Ints = rows * self.matrix.shape[1] + accounts
        return index
