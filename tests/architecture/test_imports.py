"""What import-linter cannot say: which modules of a lower app another app may import."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("enrollment", "claims", "assistance", "poverty_monitoring")
OPEN_TO_UPPER_APPS = {"selectors", "services", "models"}
REFUSED_NAMES = {
    "utils", "util", "helpers", "helper", "common", "core", "base", "misc", "shared", "lib",
    "manager", "managers", "handler", "handlers", "processor", "processors",
}  # fmt: skip
# The settings every installation shares; the tree of the project names it so.
NAMED_BY_THE_TREE = {Path("config/settings/base.py")}


def imported(source: str) -> set[str]:
    """Return the dotted names a module imports, names of from-imports included."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def closed_imports(app: str, source: str) -> set[str]:
    """Return imports of other apps that go past their selectors, services and models."""
    return {
        name
        for name in imported(source)
        if (parts := name.split("."))[0] in APPS
        and parts[0] != app
        and (len(parts) < 2 or parts[1] not in OPEN_TO_UPPER_APPS)
    }


@pytest.mark.parametrize("app", APPS)
def test_apps_meet_only_at_selectors_services_and_models(app):
    for path in sorted((ROOT / app).rglob("*.py")):
        found = closed_imports(app, path.read_text(encoding="utf-8"))
        assert not found, f"{path.relative_to(ROOT)} imports {sorted(found)}"


def test_the_check_can_fail():
    assert closed_imports("assistance", "from claims.settlement.wave import settle_wave") == {
        "claims.settlement.wave.settle_wave"
    }
    assert closed_imports("assistance", "from claims.admin import desk") == {"claims.admin.desk"}
    assert not closed_imports("assistance", "from claims import services")
    assert not closed_imports("assistance", "from claims.services.account import account_post")


def test_every_file_is_named_by_what_it_holds():
    for folder in ("config", *APPS, "tests"):
        for path in (ROOT / folder).rglob("*.py"):
            relative = path.relative_to(ROOT)
            drawers = {relative.stem, *relative.parent.parts} & REFUSED_NAMES
            assert not drawers or relative in NAMED_BY_THE_TREE, relative
