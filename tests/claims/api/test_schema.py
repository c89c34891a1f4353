"""The description of the interface: valid, complete, for staff, from our own files."""

import re

import pytest
from django.core.management import call_command
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from tests.factories.offices import make_user

DECLARED = {"400", "401", "403", "404", "409", "422", "429"}
ADDRESSES = {
    "/api/v1/settlements/preview/": "post",
    "/api/v1/settlements/confirm/": "post",
    "/api/v1/settlements/{setl_id}/reverse/": "post",
    "/api/v1/statements/{setl_id}/": "get",
    "/api/v1/statements/by-number/{bill_number}/": "get",
    "/api/v1/coverage/": "post",
}


@pytest.fixture(scope="module")
def schema():
    return SchemaGenerator().get_schema(public=True)


def test_the_schema_is_valid_without_a_warning(tmp_path):
    path = tmp_path / "schema.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(path))
    assert path.read_text(encoding="utf-8").startswith("openapi: 3")


def test_there_are_these_addresses_and_no_lists(schema):
    assert {path: next(iter(ways)) for path, ways in schema["paths"].items()} == ADDRESSES
    assert all(len(ways) == 1 for ways in schema["paths"].values())


def test_every_refusal_is_declared_and_every_act_asks_for_token_and_key(schema):
    for path, way in ADDRESSES.items():
        operation = schema["paths"][path][way]
        assert set(operation["responses"]) >= DECLARED, path
        assert operation["security"] == [{"token": []}]
        headers = {
            each["name"] for each in operation.get("parameters", ()) if each["in"] == "header"
        }
        is_act = path.endswith(("confirm/", "reverse/"))
        assert headers == ({"Idempotency-Key"} if is_act else set()), path


def test_amounts_are_texts(schema):
    shapes = schema["components"]["schemas"]
    for shape in ("BillRequest", "MoneyAnswer"):
        amounts = {
            name: kind
            for name, kind in shapes[shape]["properties"].items()
            if name.endswith(("amt", "_pay", "selfpay", "dedc"))
        }
        assert len(amounts) > 5
        assert {kind["type"] for kind in amounts.values()} == {"string"}


@pytest.mark.parametrize("name", ["schema", "docs"])
def test_the_description_is_for_staff(desk, name):
    client = Client()
    assert client.get(f"/api/v1/{name}/").status_code == 403
    client.force_login(make_user(None, username="nowhere"))
    assert client.get(f"/api/v1/{name}/").status_code == 403
    client.force_login(desk.clerk)
    answer = client.get(f"/api/v1/{name}/")
    assert answer.status_code == 200
    # The order of directives follows the hash seed of the process, so none is asserted.
    assert "script-src 'self'" in answer["Content-Security-Policy"].split("; ")


def test_the_page_loads_own_files_and_no_script_of_its_own(desk):
    client = Client()
    client.force_login(desk.clerk)
    page = client.get("/api/v1/docs/").content.decode()
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(loaded) == 5
    assert all(re.match(r"/(static|api)/", address) for address in loaded), loaded
    assert not re.search(r"<script>|<style", page)
    script = client.get("/api/v1/docs/?script=").content.decode()
    assert "//" not in re.sub(r"(?m)^\s*//.*$", "", script).replace("http://testserver", "")
    assert '"validatorUrl": null' in script
