"""A clerk of a county with a device, and the steps of signing in by hand."""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.offices import PASSWORD, make_offices, make_user
from tests.factories.sign_in import make_device

PASSWORD_PAGE, CODE_PAGE = "/admin/login/", "/admin/login/code/"


class Desk(Client):
    """A browser at one address, signing in step by step."""

    def __init__(self, address="10.0.0.1", **facts):
        super().__init__(REMOTE_ADDR=address, **facts)

    def give_password(self, username, password=PASSWORD):
        return self.post(PASSWORD_PAGE, {"username": username, "password": password})

    def give_code(self, code):
        return self.post(CODE_PAGE, {"code": code})

    def sign_in(self, user, device):
        return self.sign_in_with(user, PASSWORD, device)

    def sign_in_with(self, user, password, device):
        assert self.give_password(user.username, password).status_code == 302
        answer = self.give_code(device.next_code())
        assert answer.status_code == 302, answer.content.decode()
        return self

    @property
    def is_in(self):
        return self.get(reverse("admin:index")).status_code == 200


@pytest.fixture
def offices(db):
    return make_offices()


@pytest.fixture
def lin(offices):
    user = make_user(offices.east, "clerk", username="lin")
    return SimpleNamespace(user=user, device=make_device(user))
