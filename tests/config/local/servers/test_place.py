"""One private server is made here, in a folder of its own, as `make demo` makes it."""

import fcntl
import shutil

import psycopg
import pytest

from config.local.refusal import Refusal
from config.local.servers.place import (
    Place,
    existing_server_folder,
    is_used_by_tests,
    start_postgres,
    stop_servers,
)


@pytest.mark.parametrize("given", ["DATABASE_URL", "OWNER_DATABASE_URL"])
def test_one_url_without_the_other_is_refused(tmp_path, given):
    with pytest.raises(Refusal, match="Set both"):
        start_postgres(Place(tmp_path, durable=True), {given: "postgresql://x@127.0.0.1/x"})


def test_servers_that_tests_use_are_known_to_be_used(tmp_path):
    place = Place(tmp_path, durable=False, is_for_tests=True)
    assert not is_used_by_tests(place)
    with place.users_file.open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        assert is_used_by_tests(place)
    assert not is_used_by_tests(place)


def test_given_urls_are_used_and_no_server_is_made(tmp_path):
    given = {
        "DATABASE_URL": "postgresql://app@127.0.0.1/x",
        "OWNER_DATABASE_URL": "postgresql://owner@127.0.0.1/x",
    }
    assert start_postgres(Place(tmp_path / "var", durable=True), given) == given
    assert not (tmp_path / "var").exists()


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = Place(tmp_path_factory.mktemp("machine") / "var", durable=True)
    yield place
    stop_servers(place)
    # Where another account runs the server, its folder lies outside the one pytest removes.
    folder = existing_server_folder(place.var)
    if folder is not None and place.var not in folder.parents:
        shutil.rmtree(folder)


def ask(url, question, *facts):
    with psycopg.connect(url) as connection:
        return connection.execute(question, facts).fetchone()


def test_the_private_server_is_durable_local_and_reads_chinese(place):
    urls = start_postgres(place, {})
    owner = urls["OWNER_DATABASE_URL"]
    for setting, wanted in {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "listen_addresses": "127.0.0.1",
        "server_encoding": "UTF8",
    }.items():
        assert ask(owner, "SELECT current_setting(%s)", setting) == (wanted,)
    with psycopg.connect(owner) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        (trigrams,) = connection.execute("SELECT show_trgm('王小明')").fetchone()
        assert len(trigrams) == 4
        connection.rollback()


def test_no_role_is_more_than_it_should_be(place):
    urls = start_postgres(place, {})
    rights = (
        "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication"
        " FROM pg_roles WHERE rolname = current_user"
    )
    for url in urls.values():
        assert ask(url, rights) == (False,)
    owned = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
    assert ask(urls["DATABASE_URL"], owned) == ("desk_owner",)
    for name in ("DATABASE_URL", "READER_DATABASE_URL"):
        with pytest.raises(
            (psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)
        ):
            ask(urls[name], "CREATE TABLE mine (id int)")


def test_a_wrong_password_is_refused(place):
    url = start_postgres(place, {})["DATABASE_URL"]
    role, _, rest = url.partition("@")
    wrong = f"{role.rpartition(':')[0]}:wrong@{rest}"
    with pytest.raises(psycopg.OperationalError, match="password"):
        ask(wrong, "SELECT 1")


def test_a_second_start_keeps_the_address_and_the_data(place):
    urls = start_postgres(place, {})
    with psycopg.connect(urls["OWNER_DATABASE_URL"]) as connection:
        connection.execute("CREATE TABLE kept (id int)")
    assert stop_servers(place) == ["database"]
    assert start_postgres(place, {}) == urls
    assert ask(urls["OWNER_DATABASE_URL"], "SELECT to_regclass('kept')::text") == ("kept",)
