"""A database with a million invented people on a private, durable server, made in one go."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from config.local.servers.place import DURABLE_TEST, alone, start_postgres, stop_servers
from tests.database import point_alias

NAME = "bench_desk"
# Ids of every table start here, each table ten million apart: no id can be taken for another.
FIRST_ID = 100_000_000
APART = 10_000_000

_PEOPLE = """
INSERT INTO enrollment_person (office_id, public_id, name, id_kind, id_number, id_digest, id_last4, birth_on, sex,
    phone, phone_digest, phone_last4, township, village, is_demonstration, created_at)
SELECT %(office)s, gen_random_uuid(), '示例' || n, 'resident_id', 'sealed', md5(n::text), lpad((n %% 10000)::text, 4, '0'),
    date '1950-01-01' + (n %% 25000)::int, CASE n %% 2 WHEN 0 THEN 'female' ELSE 'male' END, '', '', '', '', '', true, now()
FROM generate_series(1, %(people)s) n
"""
_COVER = """
INSERT INTO enrollment_coveragespell (office_id, person_id, scheme, status, grade, from_on, reason, clause, recorded_at)
SELECT office_id, id, 'resident', 'covered', 'grade_1', date '2020-01-01', '', '', now() FROM enrollment_person
"""


@contextmanager
def private_server() -> Iterator[None]:
    """Start the server, make an empty database of ours, point Django at it; stop it afterwards."""
    with alone(DURABLE_TEST):
        urls = start_postgres(DURABLE_TEST, {})
    with psycopg.connect(urls["OWNER_DATABASE_URL"], autocommit=True) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME))
        )
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
    for variable, aliases in {
        "DATABASE_URL": ("default", "aside"),
        "OWNER_DATABASE_URL": ("owner",),
    }.items():
        os.environ[variable] = urls[variable].rpartition("/")[0] + f"/{NAME}"
        for alias in aliases:
            point_alias(alias, os.environ[variable])
    try:
        yield
    finally:
        with alone(DURABLE_TEST):
            stop_servers(DURABLE_TEST)


def fill(office_id: int, people: int) -> None:
    """Add people with cover, as the owner and without row history, and spread the ids."""
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"], autocommit=True) as connection:
        connection.execute("SELECT set_config('app.office_ids', %s, false)", [str(office_id)])
        _switch_triggers(connection, "DISABLE")
        connection.execute(_PEOPLE, {"office": office_id, "people": people})
        connection.execute(_COVER)
        _switch_triggers(connection, "ENABLE")
        tables = connection.execute(
            "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'id'"
            " AND is_identity = 'YES' AND table_name LIKE ANY (ARRAY['claims%', 'audit%']) ORDER BY 1"
        ).fetchall()
        for number, (table,) in enumerate(tables):
            start = sql.Literal(FIRST_ID + number * APART)
            connection.execute(
                sql.SQL("ALTER TABLE {} ALTER COLUMN id RESTART WITH {}").format(
                    sql.Identifier(table), start
                )
            )
        connection.execute("VACUUM (ANALYZE) enrollment_person, enrollment_coveragespell")


def _switch_triggers(connection: psycopg.Connection, word: str) -> None:
    for table in ("enrollment_person", "enrollment_coveragespell"):
        statement = sql.SQL("ALTER TABLE {} {} TRIGGER USER")
        connection.execute(statement.format(sql.Identifier(table), sql.SQL(word)))
