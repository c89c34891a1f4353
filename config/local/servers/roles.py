"""The three database roles, made by the cluster's superuser. Migrations only grant.

desk_owner   owns the schema and runs migrations; not a superuser
desk_app     what the product runs as; owns nothing and is subject to row-level security
desk_reader  read-only, for auditors
"""

from dataclasses import dataclass

import psycopg
from psycopg import sql

OWNER = "desk_owner"
APP = "desk_app"
READER = "desk_reader"


@dataclass(frozen=True)
class RolePasswords:
    """One password for each role."""

    owner: str
    app: str
    reader: str


def ensure_roles(
    superuser_url: str, passwords: RolePasswords, *, owner_makes_databases: bool = False
) -> None:
    """Make the roles, or bring existing ones to exactly these rights. Safe to repeat.

    Args:
        superuser_url: a superuser's connection to any database of the cluster.
        passwords: what each role signs in with afterwards.
        owner_makes_databases: true on the servers of tests, which make their own databases.
    """
    wanted = [(OWNER, passwords.owner), (APP, passwords.app), (READER, passwords.reader)]
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        for name, password in wanted:
            known = connection.execute(
                "SELECT 1 FROM pg_roles WHERE rolname = %s", [name]
            ).fetchone()
            makes_databases = owner_makes_databases and name == OWNER
            connection.execute(
                sql.SQL(
                    "{verb} ROLE {name} LOGIN NOSUPERUSER NOCREATEROLE NOREPLICATION"
                    " NOBYPASSRLS {databases} PASSWORD {password}"
                ).format(
                    verb=sql.SQL("ALTER" if known else "CREATE"),
                    name=sql.Identifier(name),
                    databases=sql.SQL("CREATEDB" if makes_databases else "NOCREATEDB"),
                    password=sql.Literal(password),
                )
            )
        connection.execute(
            sql.SQL("ALTER ROLE {} SET default_transaction_read_only = on").format(
                sql.Identifier(READER)
            )
        )


def ensure_database(superuser_url: str, name: str) -> bool:
    """Make the database, owned by the owner role. Return whether it was made now."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return False
        database = sql.Identifier(name)
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(
                database, sql.Identifier(OWNER)
            )
        )
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
        connection.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}, {}").format(
                database, sql.Identifier(APP), sql.Identifier(READER)
            )
        )
    return True
