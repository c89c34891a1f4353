"""Benchmarks: ratios against a plain way of doing the same, in one run; never asserted as seconds."""
