import psycopg
import pytest

from config.settings.database_url import DatabaseUrlError, database_from_url


def test_a_url_becomes_settings_with_every_bound():
    settings = database_from_url(
        "postgresql://desk_app:p%40ss@db.example:6432/desk?sslmode=verify-full",
        statement_timeout_s=30,
    )
    assert (settings["USER"], settings["PASSWORD"]) == ("desk_app", "p@ss")
    assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("db.example", "6432", "desk")
    options = settings["OPTIONS"]
    assert options["sslmode"] == "verify-full"
    assert options["isolation_level"] == psycopg.IsolationLevel.READ_COMMITTED
    assert options["connect_timeout"] == 5
    assert options["options"] == (
        "-c statement_timeout=30s -c lock_timeout=3s -c idle_in_transaction_session_timeout=60s"
    )


def test_a_socket_folder_is_given_as_host():
    settings = database_from_url("postgresql:///desk?host=/run/postgresql", statement_timeout_s=0)
    assert settings["HOST"] == "/run/postgresql"
    assert "host" not in settings["OPTIONS"]


@pytest.mark.parametrize("url", ["sqlite:///desk", "mysql://a:secret@h/desk", "postgresql://h/"])
def test_anything_else_is_refused_without_repeating_the_password(url):
    with pytest.raises(DatabaseUrlError) as refused:
        database_from_url(url, statement_timeout_s=30)
    assert "secret" not in str(refused.value)
