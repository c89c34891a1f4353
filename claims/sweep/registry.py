"""What must always hold of bills, settlements and accounts."""

from claims.sweep.chains import I5, I7
from claims.sweep.digests import H6
from claims.sweep.limits import I3
from claims.sweep.offices import I12
from claims.sweep.openings import I4
from claims.sweep.parts import I1, I2
from claims.sweep.records import I11
from claims.sweep.replay import I6

INVARIANTS = (I1, I2, I3, I4, I5, I6, I7, I11, I12, H6)
