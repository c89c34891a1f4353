"""The machine interface: what a facility's system asks and does, through the same services."""
