"""Mutants that no test kills, and why none has to: they compute the same.

The key is the mutant's name: file, function, change.
"""

EXPLAINED: dict[str, str] = {}
