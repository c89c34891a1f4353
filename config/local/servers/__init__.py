"""Private servers of one machine: which account runs them, where they lie, how they start."""
