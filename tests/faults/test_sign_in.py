"""Many at once: a code is accepted in one window, and tries are counted before they are checked."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import RequestFactory

from config.errors import Refused
from config.offices.acting import run_in_office
from config.sign_in import tries
from config.sign_in.services import codes
from config.sign_in.services.factor import factor_try
from tests.factories.acts import recorded
from tests.factories.offices import make_offices, make_user
from tests.factories.sign_in import make_device

pytestmark = pytest.mark.django_db(transaction=True)
WINDOWS = 4


def at_once(act):
    """Return what each of the windows got, all starting together on connections of their own."""
    start = Barrier(WINDOWS)

    def window(number):
        try:
            start.wait()
            return act(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WINDOWS) as pool:
        return list(pool.map(window, range(WINDOWS)))


def asking(number):
    return RequestFactory().post("/", REMOTE_ADDR=f"10.0.0.{number + 1}")


@pytest.mark.row("E3")
def test_a_code_in_many_windows_is_accepted_in_one(request, tried):
    rounds = 40 if request.config.getoption("markexpr") == "nightly" else 6
    offices = make_offices()
    for number in range(rounds):
        user = make_user(offices.east, "clerk", username=f"lin{number}")
        if number % 2:
            with recorded(), run_in_office(offices.east, user):
                code = codes.recovery_codes_make(user)[0]
        else:
            code = make_device(user).next_code()

        def give(window, user=user, code=code):
            try:
                factor_try(asking(window), user, code)
            except Refused:
                return False
            return True

        assert sorted(at_once(give)) == [False] * (WINDOWS - 1) + [True]
        tried(WINDOWS)


@pytest.mark.row("E3")
@pytest.mark.nightly
def test_a_code_in_many_windows_is_accepted_in_one_at_the_full_count(request, tried):
    test_a_code_in_many_windows_is_accepted_in_one(request, tried)


@pytest.mark.row("E1")
def test_tries_at_once_are_counted_before_any_is_checked(tried):
    """Twenty at once from one address: five are checked."""
    make_offices()

    def guess(_window):
        heard = [tries.begin(asking(0), tries.PASSWORD, "lin") for _try in range(5)]
        return sum(each is not None for each in heard)

    assert sum(at_once(guess)) == tries.SHORT_LIMIT
    tried(WINDOWS * 5)
