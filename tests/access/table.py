"""The table of doors, read once, and the doors the product really has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.urls import get_resolver

from config.audit.models import AuditEvent
from tests.access.worlds import Worlds

TABLE = Path(__file__).parent / "matrix.yaml"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
PAGE_METHODS = {"GET", "HEAD", "POST"}
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Door:
    """One route as the table declares it."""

    route: str
    kind: dict[str, Any]
    may: frozenset[str]
    foreign_to: frozenset[str] = frozenset()
    row: str = ""
    address: str = ""
    statuses: dict[str, Any] = field(default_factory=dict)
    may_look: frozenset[str] = frozenset()

    def answer(self, method: str, principal: str) -> int:
        """Return the declared status for a principal."""
        kind = self.kind | self.statuses
        is_machine = kind.get("is_machine", False)
        if method == "TRACE" or (not is_machine and method not in PAGE_METHODS):
            return 405
        if principal not in members(kind["inside"]):
            return kind["outside"]
        if "any" in kind:
            return kind["any"]
        is_removal = kind == self.kind and "GET" not in kind and "POST" not in kind
        if method not in kind and not is_removal:
            return 405
        if principal not in self.may | self.may_look:
            return kind["refused"]
        if principal in self.foreign_to:
            return kind["foreign"]
        if principal not in self.may:
            return kind.get("told", 409)
        declared = kind[method]
        if isinstance(declared, int):
            return declared
        return next(status for group, status in declared.items() if principal in members(group))

    def acts(self, method: str, principal: str) -> bool:
        """Tell whether this request changes rows."""
        kind = self.kind | self.statuses
        return (
            method == "POST"
            and kind.get("acts", False)
            and principal in members(kind["inside"])
            and principal in self.may
            and principal not in self.foreign_to
        )


@cache
def table() -> dict[str, Any]:
    return yaml.safe_load(TABLE.read_text(encoding="utf-8"))


@cache
def members(name: str) -> frozenset[str]:
    """Return the principals of a group or union; a principal's own name stands for itself."""
    if name in table()["unions"]:
        return frozenset().union(*map(members, table()["unions"][name]))
    if name in table()["groups"]:
        return frozenset(table()["groups"][name])
    if any(name in names for names in table()["groups"].values()):
        return frozenset({name})
    raise KeyError(name)


def principals() -> list[str]:
    return sorted(members("everyone"))


def allowed(names: str | list[str]) -> frozenset[str]:
    names = [names] if isinstance(names, str) else names
    return frozenset().union(*map(members, names))


def doors() -> dict[str, Door]:
    """Return every declared door by its route."""
    found = {route: _door(route, row) for route, row in table()["routes"].items()}
    for label, row in table()["models"].items():
        found |= {door.route: door for door in _doors_of_model(label, row)}
    return found


def _door(route: str, row: dict[str, Any]) -> Door:
    kind = table()["kinds"][row["kind"]]
    strangers = "another facility" if kind["inside"] == "tokens" else "elsewhere"
    is_foreign = "foreign" in kind and row.get("row")
    return Door(
        route,
        kind,
        allowed(row.get("may", "everyone")),
        members(row.get("foreign_to", strangers)) if is_foreign else frozenset(),
        row.get("row", ""),
        row.get("address", ""),
        {key: row[key] for key in (*METHODS, "acts", "any", "told") if key in row},
        allowed(row.get("may_look", [])),
    )


def _doors_of_model(label: str, row: dict[str, Any]) -> Iterator[Door]:
    kinds, base = table()["kinds"], f"admin/{label.replace('.', '/')}/"
    look, add, change = (allowed(row.get(name, [])) for name in ("look", "add", "change"))
    foreign = members("elsewhere") if row["rows"] == "office" else frozenset()
    one = f"{base}<path:object_id>/"
    staff = members("staff")
    yield Door(base, kinds["list"], look)
    yield Door(
        f"{base}add/",
        kinds["add form"],
        add,
        members(row["foreign_add"]) if "foreign_add" in row else frozenset(),
        statuses={"POST": row["POST_add"]} if "POST_add" in row else {},
    )
    yield Door(f"{one}history/", kinds["row"], look, foreign, row["row"])
    yield Door(f"{one}delete/", kinds["removal"], frozenset(), foreign, row["row"])
    yield ChangeDoor(
        f"{one}change/",
        kinds["row"],
        look | change,
        foreign,
        row["row"],
        change=change,
    )
    yield Door(one, kinds["way to a row"], staff, row=row["row"])


@dataclass(frozen=True)
class ChangeDoor(Door):
    """The form of one row: more people may look than may change."""

    change: frozenset[str] = frozenset()

    def answer(self, method: str, principal: str) -> int:
        if method == "POST" and principal in members("staff"):
            if principal not in self.change:
                return self.kind["refused"]
            return self.kind["foreign"] if principal in self.foreign_to else 302
        return super().answer(method, principal)

    def acts(self, method: str, principal: str) -> bool:
        return method == "POST" and principal in self.change - self.foreign_to


def routes() -> dict[str, str]:
    """Return every route of the product with the name it is reversed by."""
    return dict(_walk(get_resolver(), "", ""))


def _walk(resolver: Any, before: str, space: str) -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern, route, inner)
        else:
            yield route, space + (pattern.name or "")


def address_of(door: Door, worlds: Worlds) -> str:
    """Return the address of a door for a row of the east."""
    if door.address:
        return f"/{door.address}"
    row = ROWS[door.row](worlds) if door.row in ROWS else None

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if name == "content_type_id":
            return str(ContentType.objects.get_for_model(type(row)).pk)
        if name == "act":
            return "approve"
        if name in {"object_id", "pk"}:
            return str(row.pk)
        return str(row if isinstance(row, str) else row.public_id)

    return "/" + ARGUMENT.sub(value, door.route)


def _event(worlds: Worlds) -> AuditEvent:
    return worlds.east.seen(
        lambda: AuditEvent.objects.filter(verb="settlement.confirmed").earliest("pk")
    )


# The rows of the east that addresses name.
ROWS = {
    "person": lambda worlds: worlds.east.person,
    "content": lambda worlds: worlds.east.person,
    "waiting bill": lambda worlds: worlds.east.waiting,
    "held bill": lambda worlds: worlds.east.held,
    "version": lambda worlds: worlds.east.version,
    "version of the hospital": lambda worlds: worlds.east.version_of_hospital,
    "number of the hospital": lambda worlds: worlds.east.of_hospital.number,
    "account": lambda worlds: worlds.east.account,
    "facility": lambda worlds: worlds.east.hospital,
    "token": lambda worlds: worlds.east.token,
    "document": lambda worlds: worlds.document,
    "scan": lambda worlds: worlds.document.scan.name,
    "release": lambda worlds: worlds.release,
    "office": lambda worlds: worlds.east.office,
    "reviewer": lambda worlds: worlds.east.reviewer,
    "event": _event,
    "case": lambda worlds: worlds.east.case,
    "receipt": lambda worlds: worlds.east.receipt,
    "notice": lambda worlds: worlds.east.notice,
    "seal": lambda worlds: worlds.seal,
    "run": lambda worlds: worlds.east.run,
    "piece of work": lambda worlds: worlds.east.work,
    "deputy": lambda worlds: worlds.east.deputy,
}


def actions_offered() -> set[tuple[str, str]]:
    """Return every action any page of the admin offers, by model and name."""
    found = set()
    for model, page in admin.site._registry.items():
        label = model._meta.label_lower
        names = {name for name, *_rest in _bulk_actions(page)}
        for kind in ("actions_list", "actions_row", "actions_detail", "actions_submit_line"):
            names |= set(_flat(getattr(page, kind, ())))
        found |= {(label, name) for name in names}
    return found


def _bulk_actions(page: Any) -> list[tuple[str, ...]]:
    # Removal is offered by the site to whoever may delete; nobody may.
    return [(name,) for _f, name, _d in page._get_base_actions() if name != "delete_selected"]


def _flat(actions: Any) -> Iterator[str]:
    for each in actions or ():
        if isinstance(each, dict):
            yield from _flat(each.get("items", ()))
        else:
            yield each if isinstance(each, str) else each.__name__


def autocompletes() -> set[str]:
    """Return every field of the admin that looks rows up while one types."""
    found = set()
    for model, page in admin.site._registry.items():
        for each in (page, *page.inlines):
            owner = getattr(each, "model", model)._meta.label_lower
            found |= {f"{owner}.{name}" for name in each.autocomplete_fields}
    return found
