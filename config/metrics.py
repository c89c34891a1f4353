"""What is counted: requests, acts, refusals. Names and codes only, never a person, id or address.

With several processes PROMETHEUS_MULTIPROC_DIR names a folder they share; the numbers of a process
that ended stay in it until the server starts anew.
"""

from __future__ import annotations

from prometheus_client import Counter, Histogram

REQUESTS = Counter(
    "desk_requests", "Answers by route, method and status.", ["route", "method", "status"]
)
SECONDS = Histogram(
    "desk_request_seconds",
    "Time to answer by route.",
    ["route"],
    buckets=(0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 35.0),
)
ACTS = Counter("desk_acts", "Recorded acts by verb and outcome.", ["verb", "outcome"])
SETTLEMENTS = Counter("desk_settlements_confirmed", "Settlements confirmed.")
REFUSALS = Counter("desk_refusals", "Refusals told to somebody, by code.", ["code"])


def count_request(route: str, method: str, status: int) -> None:
    """Count one answer."""
    REQUESTS.labels(route, method, str(status)).inc()


def time_request(route: str, seconds: float) -> None:
    """Note how long one answer took."""
    SECONDS.labels(route).observe(seconds)


def count_act(verb: str, outcome: str) -> None:
    """Count one act that was committed; settlements also by themselves."""
    ACTS.labels(verb, outcome).inc()
    if verb == "settlement.confirmed":
        SETTLEMENTS.inc()


def count_refusal(code: str) -> None:
    """Count one refusal that was put into words."""
    REFUSALS.labels(code).inc()
