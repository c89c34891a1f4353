"""Clerks who confirm over real HTTP, each in a session of their own, and what the desk tells them."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPException
from time import monotonic
from typing import Any
from uuid import uuid4

from django.db import connections

from claims.bill_input import BillInput
from claims.forms.bill_form import BillForm
from claims.services.preview import settlement_preview
from config.policy.selectors import active_tree
from enrollment.models import Person
from tests.faults.machine import Browser, Machine

HTMX = {"HX-Request": "true"}
_DIGEST = re.compile(r'name="preview_digest" value="([0-9a-f]{64})"')
_PROBLEM = re.compile(r'<p class="ds-banner ds-wrong" role="alert">([^<]*)</p>')
CONFIRMED, CHANGED, TOLD, BROKEN, SILENT = "confirmed", "changed", "told", "broken", "silent"


@dataclass
class Said:
    """What the desk answered.

    Attributes:
        word: confirmed; changed: other figures than shown; told: refused in words; broken: no
            page for people; silent: no answer came.
    """

    word: str
    text: str = ""
    digest: str = ""
    seconds: float = 0.0


@dataclass
class Attempt:
    """One bill of one person, as the page of one clerk holds it."""

    person: Person
    entered: BillInput
    digest: str
    fields: dict[str, str]
    key: str = field(default_factory=lambda: uuid4().hex)

    @property
    def path(self) -> str:
        return f"/admin/desk/person/{self.person.public_id}/confirm/"


def attempt(person: Person, entered: BillInput) -> Attempt:
    """Return the page of a bill as it stands after its figures were shown; inside a scope."""
    region = active_tree(person.office.region).region
    initial = BillForm.of_bill(entered, "示例医院", region).initial
    digest = settlement_preview(entered, person).digest
    return Attempt(person, entered, digest, {name: str(text) for name, text in initial.items()})


def confirm(browser: Browser, made: Attempt, digest: str = "", **changes: str) -> Said:
    """Press the button."""
    sent = {**made.fields, "key": made.key, "preview_digest": digest or made.digest, **changes}
    began = monotonic()
    try:
        status, text = browser.post(made.path, sent, **HTMX)
    except (OSError, HTTPException) as failure:
        return Said(SILENT, repr(failure), seconds=monotonic() - began)
    return said(status, text, monotonic() - began)


def said(status: int, text: str, seconds: float = 0.0) -> Said:
    """Read an answer as a clerk does."""
    if status == 204:
        return Said(CONFIRMED, seconds=seconds)
    if status != 200:
        return Said(BROKEN, f"{status} {text[:500]}", seconds=seconds)
    if 'id="ds-changed"' in text:
        found = _DIGEST.search(text)
        return Said(CHANGED, text, found[1] if found else "", seconds)
    problem = _PROBLEM.search(text)
    return Said(TOLD, problem[1] if problem else text, seconds=seconds)


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Start acts together behind a barrier; their answers, in order."""
    start = threading.Barrier(len(acts))

    def one(act: Callable[[], Any]) -> Any:
        try:
            start.wait(30)
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def browsers(machine: Machine, users: Sequence[Any]) -> list[Browser]:
    return [machine.browser(user) for user in users]


def percentile(seconds: Sequence[float], share: int) -> float:
    ranked = sorted(seconds)
    return ranked[min(len(ranked) - 1, len(ranked) * share // 100)]
