"""What the last sweep of the ledger found."""

from __future__ import annotations

from config.sweep.models import SweepRun


def last_sweep() -> SweepRun | None:
    """Return the last sweep that checked every invariant; None where there was none yet.

    Seen from the pool, whose rows the sweeps are.
    """
    return SweepRun.objects.filter(is_complete=True).order_by("-pk").first()
