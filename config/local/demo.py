"""The demo: servers, keys, tables, an invented office, web server and worker, in this order.

Each step says what it does, is skipped when nothing changed since it last ran, and is safe to
repeat. Data stays until `reset`.
"""

import base64
import os
import secrets
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from config.local.catalogue import compile_catalogues
from config.local.environment import LOCAL_FACTS, VAR_DIR, read_facts, write_facts
from config.local.processes import LOOPBACK, Background, choose_port, wait_until
from config.local.refusal import Refusal
from config.local.servers.account import existing_server_folder
from config.local.servers.place import (
    DEMO,
    DURABLE_TEST,
    TEST,
    is_used_by_tests,
    start_postgres,
    start_valkey,
    stop_servers,
)
from config.local.stamps import Stamps, digest_of_files

CHECKOUT = VAR_DIR.parent
SETTINGS = "config.settings.local"
FIRST_WEB_PORT = 8000
SIGN_INS = VAR_DIR / "sign-ins.txt"
DEMO_OFFICE = CHECKOUT / "config" / "local" / "management" / "commands" / "demo_office.py"
PROGRAM_FOLDERS = (
    "config",
    "enrollment",
    "claims",
    "assistance",
    "poverty_monitoring",
    "templates",
    "locale",
)
PROGRAM_SUFFIXES = {".py", ".html", ".css", ".js", ".yaml", ".po"}
# A page of the slowest kind answers within 35 seconds or not at all.
REQUEST_TIMEOUT_S = 35
BULK_STATEMENT_TIMEOUT_S = 300


def up() -> None:
    """Bring the demo up and print its address; what already runs is left alone.

    Raises:
        Refusal: a step failed; it names the step and what to do next.
    """
    _say("Database server")
    urls = start_postgres(DEMO)
    _say("Broker")
    urls |= start_valkey(DEMO)
    facts = _keys(read_facts(LOCAL_FACTS)) | urls
    write_facts(LOCAL_FACTS, facts)
    stamps = Stamps(VAR_DIR / "stamps")
    release = _release_digest(urls)
    if not stamps.is_fresh("release", release):
        # Programs that run hold the code and the texts of before.
        _stop_programs()
    _migrate(stamps)
    compile_catalogues()
    _fill(stamps)
    stamps.set("release", release)
    address = _start_web(facts)
    _start_worker()
    _tell(address)


def down() -> None:
    """Stop everything the demo started; data stays."""
    stopped = [*_stop_programs(), *stop_servers(DEMO)]
    print(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running.")


def reset() -> None:
    """Stop everything and remove the demo's data and keys, and the servers of the tests."""
    if any(is_used_by_tests(place) for place in (TEST, DURABLE_TEST)):
        raise Refusal("Tests are running in this checkout.", "Wait until they end, then again.")
    down()
    for place in (TEST, DURABLE_TEST):
        stop_servers(place)
    for place in (TEST, DURABLE_TEST, DEMO):
        folder = existing_server_folder(place.var)
        if folder is not None:
            shutil.rmtree(folder)
    shutil.rmtree(VAR_DIR, ignore_errors=True)
    print("Removed all data of the demo. `make demo` begins anew.")


def status() -> bool:
    """Print what runs; return whether the whole demo does."""
    running = {program.name: program.pid() is not None for program in (_web(), _worker())}
    for name, is_running in running.items():
        print(f"{name}: {'running' if is_running else 'stopped'}")
    address = read_facts(LOCAL_FACTS).get("WEB_ADDRESS")
    if running["web"] and address:
        _tell(address)
    return all(running.values())


def _say(step: str) -> None:
    print(f"==> {step}", flush=True)


def _keys(facts: dict[str, str]) -> dict[str, str]:
    """Add the keys this machine made for itself; existing ones never change."""
    made = {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "ID_NUMBER_KEYS": f"local1:{base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}",
    }
    return made | facts


def _manage(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=CHECKOUT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": SETTINGS},
        text=True,
        capture_output=True,
        check=False,
    )


def _managed(step: str, next_step: str, *arguments: str) -> None:
    """Run one of Django's commands as a step."""
    _say(step)
    done = _manage(*arguments)
    if done.returncode != 0:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise Refusal(f"{step} failed:\n{said}", next_step)


def _release_digest(urls: dict[str, str]) -> str:
    """Return the digest of everything a running program has read, its servers included."""
    files = [
        path
        for folder in PROGRAM_FOLDERS
        for path in (CHECKOUT / folder).rglob("*")
        if path.suffix in PROGRAM_SUFFIXES
    ]
    packages = (CHECKOUT / "requirements.txt").read_text(encoding="utf-8")
    return digest_of_files(files, packages, *sorted(urls.values()))


def _migrate(stamps: Stamps) -> None:
    """Bring the tables up to this release."""
    migrations = [
        path for folder in PROGRAM_FOLDERS for path in (CHECKOUT / folder).rglob("migrations/*.py")
    ]
    packages = (CHECKOUT / "requirements.txt").read_text(encoding="utf-8")
    digest = digest_of_files(migrations, packages, _database())
    if stamps.is_fresh("migrate", digest):
        return
    _managed(
        "Tables (migrations)",
        "Read the message above. `make reset` begins with an empty demo if its data may go.",
        "migrate",
        "--database",
        "owner",
        "--verbosity",
        "0",
    )
    stamps.set("migrate", digest)


def _fill(stamps: Stamps) -> None:
    """Fill an empty database with the invented offices.

    The command leaves filled tables alone, and puts policy packs in force that changed.
    """
    packs = [path for path in (CHECKOUT / "config" / "policy").rglob("*.yaml") if path.is_file()]
    digest = digest_of_files(packs, _database())
    if stamps.is_fresh("demo_office", digest):
        return
    if not DEMO_OFFICE.exists():
        _say("No demo office in this release: the database stays empty")
        return
    _managed(
        "Invented offices, people and sign-ins (a minute at most)",
        "Read the message above, then start again: what was filled is kept.",
        "demo_office",
    )
    stamps.set("demo_office", digest)


def _database() -> str:
    """Return what tells this database from another one, or from one made here later.

    A server that is not ours may have been emptied meanwhile, so its answer is always new.
    """
    address = read_facts(LOCAL_FACTS)["DATABASE_URL"]
    folder = existing_server_folder(VAR_DIR)
    version = folder / "postgres" / "PG_VERSION" if folder else None
    if os.environ.get("DATABASE_URL") or version is None or not version.exists():
        return secrets.token_hex(8)
    return f"{address} {version.stat().st_mtime_ns}"


def _web() -> Background:
    return Background("web", VAR_DIR)


def _worker() -> Background:
    return Background("worker", VAR_DIR)


def _program_environment() -> dict[str, str]:
    return os.environ | {"DJANGO_SETTINGS_MODULE": SETTINGS, "PYTHONUNBUFFERED": "1"}


def _start_web(facts: dict[str, str]) -> str:
    """Start the web server and wait for its first answer; return its address."""
    web = _web()
    if web.pid() is not None and "WEB_ADDRESS" in facts:
        return facts["WEB_ADDRESS"]
    _say("Web server")
    port = choose_port(None, FIRST_WEB_PORT)
    address = f"http://{LOOPBACK}:{port}/"
    web.start(
        [
            sys.executable, "-m", "gunicorn", "config.wsgi:application",
            "--bind", f"{LOOPBACK}:{port}",
            "--worker-class", "gthread", "--workers", "2", "--threads", "4",
            "--timeout", str(REQUEST_TIMEOUT_S), "--no-control-socket",
        ],
        cwd=CHECKOUT,
        env=_program_environment(),
    )  # fmt: skip
    if not wait_until(lambda: web.pid() is None or _answers(address), 60) or web.pid() is None:
        web.stop()
        raise Refusal(
            f"The web server did not answer:\n{web.last_words()}", f"Read {web.log}, then again."
        )
    write_facts(LOCAL_FACTS, facts | {"WEB_ADDRESS": address})
    return address


def _answers(address: str) -> bool:
    """Say whether the site gives any page that is not a failure of its own."""
    try:
        with urllib.request.urlopen(address, timeout=20):  # noqa: S310  our own loopback address
            return True
    except urllib.error.HTTPError as answer:
        return answer.code < 500
    except OSError:
        return False


def _start_worker() -> None:
    """Start the worker of background work, with its timetable."""
    worker = _worker()
    if worker.pid() is not None:
        return
    _say("Worker")
    worker.start(
        [
            sys.executable, "-m", "celery", "--app", "config.celery", "worker",
            "--beat", "--schedule", str(VAR_DIR / "timetable"),
            "--concurrency", "2", "--queues", "desk,bulk", "--loglevel", "INFO",
        ],
        cwd=CHECKOUT,
        env=_program_environment() | {"STATEMENT_TIMEOUT_S": str(BULK_STATEMENT_TIMEOUT_S)},
    )  # fmt: skip
    if wait_until(lambda: worker.pid() is None, 2):
        raise Refusal(
            f"The worker ended at once:\n{worker.last_words()}", f"Read {worker.log}, then again."
        )


def _stop_programs() -> list[str]:
    return [program.name for program in (_worker(), _web()) if program.stop()]


def _tell(address: str) -> None:
    print(f"\nThe desk: {address}")
    if SIGN_INS.exists():
        print(SIGN_INS.read_text(encoding="utf-8").rstrip())
    private = VAR_DIR / "private_folder"
    if private.exists():
        folder = Path(private.read_text(encoding="utf-8").strip())
        print(
            f"Data lies in {folder}: the account that runs PostgreSQL cannot enter this checkout."
        )
    print("`make stop` stops it and keeps the data; `make reset` removes the data.")
