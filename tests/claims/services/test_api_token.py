"""Making and revoking tokens: who may, what is stored, what the command prints."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from claims.models import ApiToken
from claims.services.api_token import api_token_create, api_token_revoke, token_held
from config import calendar
from config.errors import InvalidInput, Refused
from config.offices import scope
from config.offices.acting import run_in_office


def test_only_the_administrator_makes_tokens(desk, acting):
    with pytest.raises(Refused) as error:
        api_token_create(desk.hospital, "HIS")
    assert error.value.code == "offices.act.not_allowed"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"name": " "}, "claims.api_token.name_missing"),
        ({"name": "HIS", "through_on": -1}, "claims.api_token.day_passed"),
    ],
)
def test_a_token_needs_a_name_and_a_day_to_come(desk, facts, code):
    if "through_on" in facts:
        facts = facts | {"through_on": calendar.today() + timedelta(days=facts["through_on"])}
    with run_in_office(desk.east, roles=["administrator"]), pytest.raises(InvalidInput) as error:
        api_token_create(desk.hospital, **facts)
    assert error.value.code == code


def test_a_token_is_revoked_once(desk):
    with run_in_office(desk.east, roles=["administrator"]):
        token, text = api_token_create(desk.hospital, "HIS")
        api_token_revoke(token)
        with pytest.raises(Refused) as error:
            api_token_revoke(token)
    assert error.value.code == "claims.api_token.revoked_before"
    assert token_held(desk.east.pk, text) is None


def test_a_token_is_found_in_its_office_alone_and_leaves_no_scope(desk):
    with run_in_office(desk.east, roles=["administrator"]):
        token, text = api_token_create(desk.hospital, "HIS")
    assert token_held(desk.east.pk, text) == token
    assert token_held(desk.offices.west.pk, text) is None
    assert token_held(desk.offices.pool.pk, text) is None
    assert scope.current_or_none() is None


def test_the_command_prints_the_text_alone_on_its_output(desk):
    said = StringIO()
    call_command(
        "api_token_create", "east", desk.hospital.code, "HIS", stdout=said, stderr=StringIO()
    )
    held = token_held(desk.east.pk, said.getvalue().strip())
    assert held is not None
    with run_in_office(desk.east, roles=["administrator"]):
        assert ApiToken.objects.get() == held


@pytest.mark.parametrize("place", [("nowhere", "H99000000001"), ("east", "H99999999999")])
def test_the_command_names_what_it_does_not_know(desk, place):
    with pytest.raises(CommandError) as error:
        call_command("api_token_create", *place, "HIS")
    assert any(each in str(error.value) for each in place)
