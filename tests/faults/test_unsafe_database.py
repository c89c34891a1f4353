"""B16 and F6 on real servers: a deployment starts on a safe database and on no other."""

import os
import subprocess
import sys

import pytest

from config.local.servers.postgres import SUPERUSER
from config.local.servers.roles import APP, OWNER
from tests.faults.machine import CHECKOUT

pytestmark = pytest.mark.faults
FACTS = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "".join(chr(ord("!") + n % 90) for n in range(60)),
    "ALLOWED_HOSTS": "desk.example",
    "ID_NUMBER_KEYS": "a:" + "A" * 43 + "=",
    "BEHIND_TLS_PROXY": "1",
}
SETTINGS_OFF = ("fsync", "full_page_writes", "synchronous_commit")


def run(machine, role, *command):
    facts = {"DATABASE_URL": machine.database.url(role), "REDIS_URL": machine.broker.url}
    environment = {"PATH": os.defpath, "PYTHONPATH": str(CHECKOUT), **FACTS, **facts}
    return subprocess.run(
        [sys.executable, *command],
        cwd=CHECKOUT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def check(machine, role=APP):
    return run(machine, role, "manage.py", "check", "--deploy", "--fail-level", "WARNING")


def start(machine, role=APP):
    return run(machine, role, "-c", "import config.wsgi; print('started')")


def restarted(machine, **settings):
    postgres = machine.database.postgres
    postgres.stop()
    postgres.settings = settings
    machine.database.restart()


def checksums(machine, how):
    postgres = machine.database.postgres
    postgres.stop()
    done = postgres._run("pg_checksums", how, "-D", str(postgres.data))
    assert done.returncode == 0, done.stdout
    machine.database.restart()


@pytest.mark.row("F6")
@pytest.mark.row("B16")
def test_a_safe_database_passes_every_deploy_check_without_a_warning(machine):
    done = check(machine)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr
    assert start(machine).stdout.strip() == "started"


@pytest.mark.row("B16")
def test_each_unsafe_server_and_role_is_refused_at_start_and_by_the_check(machine, tried):
    refused = []

    def is_refused(name, role=APP):
        checked, started = check(machine, role), start(machine, role)
        assert checked.returncode != 0, name
        assert f"health.{name}" in checked.stderr, checked.stderr
        assert started.returncode != 0, name
        assert "UnsafeDatabase" in started.stderr, started.stderr
        assert "started" not in started.stdout
        refused.append(name)

    try:
        for name in SETTINGS_OFF:
            restarted(machine, **{name: "off"})
            is_refused(name)
        restarted(machine)
        checksums(machine, "--disable")
        is_refused("data_checksums")
        checksums(machine, "--enable")
        is_refused("superuser", SUPERUSER)
        is_refused("table_owner", OWNER)
    finally:
        restarted(machine)
    assert len(refused) == 6
    assert check(machine).returncode == 0
    tried(len(refused))
