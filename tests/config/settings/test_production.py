import os
import subprocess
import sys

import pytest

COMPLETE = {
    "DATABASE_URL": "postgresql://desk_app:x@127.0.0.1/desk",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "SECRET_KEY": "s" * 50,
    "ID_NUMBER_KEYS": "a:" + "A" * 43 + "=",
    "ALLOWED_HOSTS": "desk.example",
}


def load(facts):
    return subprocess.run(
        [sys.executable, "-c", "import config.settings.production as s; print(s.DEBUG)"],
        env={"PATH": os.defpath, **facts},
        cwd=os.getcwd(),  # noqa: PTH109  the checkout pytest was started in
        capture_output=True,
        text=True,
        check=False,
    )


def test_complete_facts_are_enough():
    loaded = load(COMPLETE)
    assert (loaded.stdout.strip(), loaded.returncode) == ("False", 0), loaded.stderr


@pytest.mark.row("I-3")
@pytest.mark.parametrize("missing", COMPLETE)
def test_each_missing_fact_is_refused_by_name(missing):
    loaded = load({name: value for name, value in COMPLETE.items() if name != missing})
    assert loaded.returncode != 0
    assert "ImproperlyConfigured" in loaded.stderr
    assert f"  {missing}: " in loaded.stderr


@pytest.mark.row("I-3")
@pytest.mark.parametrize("name", COMPLETE)
def test_an_empty_fact_is_a_missing_one(name):
    loaded = load(COMPLETE | {name: ""})
    assert loaded.returncode != 0
    assert f"  {name}: " in loaded.stderr


@pytest.mark.row("I-3")
def test_the_shared_settings_invent_no_secret_and_open_no_host():
    shared = subprocess.run(
        [
            sys.executable,
            "-c",
            "import config.settings.base as s;"
            "print([s.SECRET_KEY, s.ID_NUMBER_KEYS, s.ALLOWED_HOSTS, s.DEBUG, s.METRICS_TOKEN,"
            " s.BACKUP_KEYS])",
        ],
        env={"PATH": os.defpath},
        cwd=os.getcwd(),  # noqa: PTH109  the checkout pytest was started in
        capture_output=True,
        text=True,
        check=True,
    )
    assert shared.stdout.strip() == "['', [], [], False, '', '']"


@pytest.mark.row("I-3")
def test_a_short_secret_key_is_refused():
    loaded = load(COMPLETE | {"SECRET_KEY": "short"})
    assert loaded.returncode != 0
    assert "SECRET_KEY needs 50 or more characters" in loaded.stderr


@pytest.mark.row("E4")
def test_cookies_are_bound_to_this_host_and_to_tls():
    """The prefix is refused by browsers unless the cookie is Secure, of this host, of all paths."""
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "import config.settings.production as s;"
            "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.KNOWN_DESK_COOKIE_NAME,"
            " s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY,"
            " s.SESSION_COOKIE_SAMESITE, hasattr(s, 'SESSION_COOKIE_DOMAIN'),"
            " hasattr(s, 'SESSION_COOKIE_PATH'), s.SESSION_COOKIE_AGE)",
        ],
        env={"PATH": os.defpath, **COMPLETE},
        cwd=os.getcwd(),  # noqa: PTH109  as above
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert said == [
        "__Host-sessionid", "__Host-csrftoken", "__Host-known_desk",
        "True", "True", "True", "Lax", "False", "False", "900",
    ]  # fmt: skip
