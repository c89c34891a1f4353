"""D1: every door of the product answers every principal as the table says."""

from http.cookies import SimpleCookie

import pytest
from django.urls import reverse

from tests.access.bodies import BODIES, JSON, KEY
from tests.access.rows_of import TRACES, Rows, touched
from tests.access.table import (
    METHODS,
    actions_offered,
    address_of,
    allowed,
    autocompletes,
    doors,
    members,
    principals,
    routes,
    table,
)
from tests.access.worlds import SIGNED_IN, WITH_TOKEN, client_of, undone

pytestmark = pytest.mark.row("D1")


@pytest.fixture(scope="module")
def names():
    return routes()


@pytest.fixture(scope="module")
def bodies(worlds, names):
    """Every body, made once before anybody knocks."""
    made = {}
    for name in names.values():
        if name in BODIES:
            with undone():
                made[name] = BODIES[name](worlds)
    return made


@pytest.fixture(scope="module")
def rows(worlds):
    return Rows()


def test_every_route_is_declared_and_every_declaration_is_a_route(names):
    assert set(doors()) == set(names)


def test_every_action_is_declared_and_every_declaration_is_an_action():
    declared = {(label, name) for label, actions in table()["actions"].items() for name in actions}
    assert declared == actions_offered()


def test_every_autocomplete_is_declared_and_every_declaration_is_one():
    assert set(table()["autocompletes"]) == autocompletes()


def test_every_principal_is_made_by_the_worlds():
    assert members("everyone") == {*SIGNED_IN, *WITH_TOKEN, "anonymous"}


def test_every_body_belongs_to_a_route(names):
    assert set(BODIES) <= set(names.values())


def sent(client, method, address, body):
    """Send one request; a body only where the method carries one."""
    is_text = isinstance(body, str)
    kind = {"content_type": JSON} if is_text or address.startswith("/api/") else {}
    headers = {"idempotency-key": KEY} if address.startswith("/api/") else {}
    if method in {"GET", "HEAD", "TRACE"}:
        return getattr(client, method.lower())(address, headers=headers)
    if method == "POST":
        return client.post(address, body or ({} if not kind else "{}"), headers=headers, **kind)
    return client.generic(method, address, body if is_text else "{}", JSON, headers=headers)


class Knocking:
    """Requests of one principal, each behind a savepoint and from the same cookies."""

    def __init__(self, worlds, principal, rows):
        self.client = client_of(worlds, principal)
        self.cookies = dict(self.client.cookies.items())
        self.rows, self.before = rows, rows.now()
        self.counted = touched()

    def ask(self, method, address, body):
        """Return the answer, and the tables whose rows it changed."""
        self.client.cookies = SimpleCookie(self.cookies)
        with undone():
            response = sent(self.client, method, address, body)
            counted = touched()
            moved = {name for name in counted if counted[name] != self.counted.get(name, 0)}
            now = self.rows.now(moved) if moved else {}
        self.counted = counted
        return response, {name for name in now if now[name] != self.before[name]}


@pytest.mark.parametrize("principal", principals())
def test_every_door_answers_as_declared(principal, worlds, rows, names, bodies, tried):
    knocking = Knocking(worlds, principal, rows)
    wrong, count = [], 0
    for route, door in doors().items():
        address = address_of(door, worlds)
        for method in METHODS:
            body = bodies.get(names[route], "" if door.kind.get("is_machine") else {})
            response, changed = knocking.ask(method, address, body)
            count += 1
            asked = (method, route)
            if response.status_code != door.answer(method, principal):
                wrong.append((asked, response.status_code, door.answer(method, principal)))
            if door.acts(method, principal) != bool(changed - TRACES):
                wrong.append((asked, "changed", sorted(changed)))
    tried(count)
    assert wrong == [], "\n".join(map(str, wrong))


@pytest.mark.parametrize("principal", principals())
def test_actions_are_offered_to_whom_the_table_says(principal, worlds, tried):
    if principal not in members("staff"):
        return
    client = client_of(worlds, principal)
    for label, actions in table()["actions"].items():
        name = label.replace(".", "_")
        pages = [reverse(f"admin:{name}_changelist")]
        door = doors()[f"admin/{label.replace('.', '/')}/<path:object_id>/change/"]
        pages.append(address_of(door, worlds))
        for action, may in actions.items():
            marks = (f"/to-{action.split('_')[0]}", f'value="{action}"')
            shown = any(mark in page_of(client, page) for page in pages for mark in marks)
            assert shown == (principal in allowed(may)), (principal, action)
            tried(1)


def page_of(client, address):
    with undone():
        return client.get(address).content.decode()


@pytest.mark.parametrize("principal", principals())
def test_autocompletes_answer_as_declared(principal, worlds, tried):
    client = client_of(worlds, principal)
    for name, row in table()["autocompletes"].items():
        app_label, model_name, field_name = name.split(".")
        asked = {"app_label": app_label, "model_name": model_name, "field_name": field_name}
        with undone():
            answer = client.get(reverse("admin:autocomplete"), asked)
        may = principal in allowed(row["may"])
        refused = 403 if principal in members("staff") else 302
        assert answer.status_code == (200 if may else refused), (principal, name)
        tried(1)
