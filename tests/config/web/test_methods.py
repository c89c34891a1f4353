"""F6: methods no page is made for are refused before anything is read."""

import pytest
from django.test import Client


@pytest.mark.row("F6")
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
@pytest.mark.parametrize("address", ["/", "/admin/", "/admin/login/", "/no-such-page/"])
def test_other_methods_are_refused_without_a_session_or_a_database(method, address):
    answer = Client().generic(method, address)
    assert answer.status_code == 405
    assert answer["Content-Security-Policy"]
    assert not answer.cookies
