"""B7: six volumes run full: a clear message, nothing half-written, and it goes on by itself.

Each volume is a small one in memory. Where none can be mounted the tests fail: they never skip.
"""

import errno
import os
import shutil
import subprocess
import time
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import psycopg
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import InterfaceError, OperationalError, connections

from config.backup.shelf import Shelf
from config.health import health_facts
from config.identity.cipher import KeyRing
from config.local.processes import Background, wait_until
from config.local.servers.account import server_account
from config.local.servers.postgres import PrivatePostgres
from config.offices.models import Office
from tests.claims.conftest import make_desk
from tests.factories.acts import recorded
from tests.factories.offices import make_offices
from tests.faults.machine import PASSWORD, Database, _make_tables, free_port, kill_all, pointed_at

pytestmark = [pytest.mark.faults, pytest.mark.row("B7")]
MIB = 1024 * 1024
NOISE = "INSERT INTO noise SELECT repeat(md5(random()::text), 60) FROM generate_series(1, 500)"


@contextmanager
def volume(place: Path, megabytes: int):
    """Mount a small volume in memory; refuse to go on where that is not possible."""
    place.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "desk-test", str(place)], check=True
    )
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(place: Path, leave: int = 0) -> Path:
    """Take all room of a volume but a little."""
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as stream:
        room = shutil.disk_usage(place).free - leave
        while room > 0:
            try:
                room -= stream.write(bytes(min(room, MIB)))
            except OSError as full:
                if full.errno != errno.ENOSPC:
                    raise
                break
    return ballast


@pytest.fixture
def small_cluster(machine_servers, tmp_path_factory, django_db_blocker):
    """Give a durable cluster whose data and whose log of changes lie on small volumes."""
    programs = machine_servers.postgres.programs
    account = server_account()
    folder = Path(os.environ.get("TMPDIR", "/tmp")) / f"desk-full-{os.getpid()}"  # noqa: S108
    with volume(folder / "data", 400) as data, volume(folder / "wal", 120) as wal:
        for place in (folder, data, wal):
            account.own(place)
        settings = {"max_wal_size": "64MB", "min_wal_size": "32MB"}
        postgres = PrivatePostgres(programs, data, account, durable=True, settings=settings)
        postgres.make(PASSWORD)
        log = wal / "pg_wal"
        shutil.move(postgres.data / "pg_wal", log)
        (postgres.data / "pg_wal").symlink_to(log)
        for path in (log, *log.rglob("*")):
            account.own(path)
        database = Database(postgres, free_port())
        try:
            database.restart()
            _make_tables(database)
            database.renew()
            with pointed_at(database):
                yield database, data, wal
        finally:
            if (postgres.data / "postmaster.pid").exists():
                kill_all(database.pid)
    shutil.rmtree(folder, ignore_errors=True)


class Writer:
    """Makes offices through the product, and notes which were acknowledged."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.pool = make_offices().pool
        self.acknowledged: list[str] = []
        self.count = 0

    def write(self) -> bool:
        """Make one; say whether it was acknowledged."""
        self.count += 1
        code = f"o{self.count}"
        try:
            with recorded(self.pool):
                Office.objects.create(
                    code=code,
                    name="x" * 90,
                    kind="county",
                    parent=self.pool,
                    region=self.pool.region,
                )
        except (OperationalError, InterfaceError):
            connections.close_all()
            return False
        self.acknowledged.append(code)
        return True

    def write_until_refused(self) -> str:
        """Write, with much else going on, until the server refuses; return what was refused."""
        for _ in range(2000):
            if not self.write():
                return f"o{self.count}"
            try:
                self.database.execute(NOISE)
            except psycopg.OperationalError:
                # The noise takes the last room: what the product writes next is refused.
                continue
        raise AssertionError("the volume never ran full")

    def stored(self) -> set[str]:
        return set(Office.objects.filter(code__startswith="o").values_list("code", flat=True))


def test_the_volumes_of_the_data_and_of_the_log_of_changes_run_full(small_cluster, settings, tried):
    database, data, wal = small_cluster
    writer = Writer(database)
    database.execute("CREATE TABLE noise (text text)")

    settings.WATCHED_FOLDERS = [str(data)]
    assert health_facts.space().state == "ok"
    ballast = fill(data)
    assert health_facts.space().state == "broken", "the alarm comes from the volume itself"
    refused = writer.write_until_refused()
    assert database.execute("SELECT 1") == [(1,)], "the server goes on answering"
    ballast.unlink()
    assert writer.stored() == set(writer.acknowledged), "the refused one is not there"
    assert refused not in writer.stored()
    assert writer.write(), "the service goes on by itself"
    assert health_facts.space().state == "ok"
    of_data = len(writer.acknowledged)

    settings.WATCHED_FOLDERS = [str(wal)]
    ballast = fill(wal)
    assert health_facts.space().state == "broken"
    refused = writer.write_until_refused()
    wait_until(lambda: database.postgres.running_port() is None, 30)
    ballast.unlink()
    if database.postgres.running_port() is None:
        database.restart()
    found = writer.stored()
    assert set(writer.acknowledged) - found == set(), "acknowledged and lost"
    # Whether the last one was written before its answer was lost nobody can say but the server.
    assert found - set(writer.acknowledged) <= {refused}
    assert writer.write()
    assert len(writer.acknowledged) > of_data
    tried(writer.count)


def test_the_folder_of_uploads_runs_full(tmp_path, settings, tried):
    with volume(tmp_path / "files", 2) as place:
        settings.MEDIA_ROOT = str(place)
        storage = storages.create_storage(settings.STORAGES["default"])
        kept = storage.save("first.pdf", ContentFile(b"x" * 1000))
        ballast = fill(place, leave=64 * 1024)
        with pytest.raises(OSError, match="No space left") as full:
            storage.save("second.pdf", ContentFile(os.urandom(MIB)))
        assert full.value.errno == errno.ENOSPC
        left = {path.name for path in place.rglob("*") if path.is_file()}
        assert left == {Path(kept).name, "ballast"}, "a half-written file stays"
        ballast.unlink()
        storage.save("second.pdf", ContentFile(os.urandom(MIB // 2)))
        with storage.open(kept) as stream:
            assert stream.read() == b"x" * 1000
    tried(1)


def test_the_folders_of_logs_and_of_temporary_files_run_full(machine, tmp_path, tried):
    desk = make_desk()
    with volume(tmp_path / "logs", 2) as logs, volume(tmp_path / "temporary", 2) as temporary:
        logs.chmod(0o700)
        machine.web = Background("web", logs)
        machine.environment["TMPDIR"] = str(temporary)
        machine.start_web()
        browser = machine.browser(desk.clerk)
        try:
            filled = [fill(logs), fill(temporary)]
            for _ in range(20):
                assert browser.get("/no/such/page")[0] == 404  # each writes a line of the log
                assert browser.get("/admin/")[0] == 200
            long_body = {"note": "x" * (3 * MIB)}
            status, _text = browser.post("/admin/login/", long_body)
            assert status in {302, 400, 413, 503}
            for ballast in filled:
                ballast.unlink()
            assert browser.get("/admin/")[0] == 200
            said = machine.web.log.read_text(errors="replace")
            browser.get("/no/such/page")
            time.sleep(0.5)
            assert len(machine.web.log.read_text(errors="replace")) > len(said)
        finally:
            machine.kill(machine.web)
    tried(2)


def test_the_backup_target_runs_full(tmp_path, tried):
    ring = KeyRing.read(["a:" + "A" * 43 + "="])
    with volume(tmp_path / "target", 4) as place:
        shelf = Shelf(place, ring)
        shelf.put("wal", "1", BytesIO(b"x" * 1000))
        with pytest.raises(OSError, match="No space left"):
            shelf.put("base", "large", BytesIO(os.urandom(8 * MIB)))
        assert [path.name for path in place.rglob("*") if path.is_file()] == ["1.sealed"]
        subprocess.run(["mount", "-o", "remount,size=32m", str(place)], check=True)
        shelf.put("base", "large", BytesIO(os.urandom(8 * MIB)))
        plain = BytesIO()
        shelf.get("wal", "1", plain)
        assert plain.getvalue() == b"x" * 1000
    tried(1)
