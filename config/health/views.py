"""Addresses for machines: alive, ready, metrics. They tell nothing to whoever has no right."""

from __future__ import annotations

import hmac
import os

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import REGISTRY, GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from config.health.facts import HealthFact, State, read_facts
from config.health.readiness import unready

LOOPBACK = {"127.0.0.1", "::1"}
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_X_FORWARDED_PROTO")


@never_cache
@require_safe
@transaction.non_atomic_requests
def live(_request: HttpRequest) -> HttpResponse:
    """Say that the process answers; asks nothing of anybody."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
@transaction.non_atomic_requests
def ready(_request: HttpRequest) -> HttpResponse:
    """Say whether requests may come; what is missing is told by `manage.py health`."""
    if unready():
        return JsonResponse({"status": "not ready"}, status=503)
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
@transaction.non_atomic_requests
def metrics(request: HttpRequest) -> HttpResponse:
    """Give the numbers to whoever has the token; for everyone else there is no such page."""
    if not _may_read_metrics(request):
        raise Http404
    registry: CollectorRegistry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    facts = CollectorRegistry()
    facts.register(FactCollector(read_facts()))
    text = generate_latest(registry) + generate_latest(facts)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


def _may_read_metrics(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    # Behind a proxy on this machine everybody comes from loopback, so it has to be asked for.
    is_direct = not any(name in request.META for name in FORWARDED)
    return (
        settings.METRICS_FROM_LOOPBACK and is_direct and request.META.get("REMOTE_ADDR") in LOOPBACK
    )


class FactCollector(Collector):
    """The facts of health as numbers: 1 for the state each is in."""

    def __init__(self, facts: list[HealthFact]) -> None:
        """Keep what was read."""
        self.facts = facts

    def collect(self) -> list[GaugeMetricFamily]:
        """Give one line for each fact and state."""
        family = GaugeMetricFamily(
            "desk_health_fact", "1 for the state a fact is in.", labels=["fact", "state"]
        )
        for fact in self.facts:
            for state in State:
                family.add_metric([fact.name, state.value], float(fact.state == state))
        return [family]
