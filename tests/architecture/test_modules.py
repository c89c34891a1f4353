"""Every module has its test, stands where the tree says, and imports at its top."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("config", "enrollment", "claims", "assistance", "poverty_monitoring")
TOP_LEVEL = {
    *PACKAGES, "templates", "tests", "docs", "locale",
    ".ci", ".gitignore", ".pre-commit-config.yaml", ".yamllint",
    "CHANGELOG.md", "LICENSE", "Makefile", "README.md", "README.zh-CN.md",
    "manage.py", "pyproject.toml", "requirements.txt", "requirements-dev.txt",
}  # fmt: skip

# Kinds of files that tests meet without importing them.
MET_WITHOUT_IMPORT = {
    "migrations": "the test database is made by them",
    "management": "called by name through call_command",
    "admin": "pages, opened by the test client and the browser",
    "api": "addresses, called by the test client",
    "forms": "filled in by the test client",
    "templatetags": "used by the pages",
    "formats": "words of the framework for days and numbers",
    "settings": "tests run under them; production's are checked in a process of its own",
    "demo_office": "built whole by the demonstration's test",
    "servers": "started and stopped by the test of the demonstration",
    "reading": "one file of the shelf of broken packs per mistake",
}
STEMS_WITHOUT_TEST = {
    "__init__": "re-exports",
    "apps": "registration, which every test runs",
    "admin": "pages, opened by the test client and the browser",
    "sentences": "a table of texts; the catalogue's test reads it",
    "asgi": "wiring",
    "wsgi": "wiring",
    "urls": "wiring",
    "celery": "wiring",
}
# Single modules that are met only through another one.
MET_THROUGH = {
    "config.admin_apps": "tests/architecture/test_pages.py",
    "config.admin_fields": "tests/architecture/test_pages.py",
    "config.admin_looks": "tests/claims/admin/test_readers.py",
    "config.admin_navigation": "tests/architecture/test_pages.py",
    "config.audit.middleware": "tests/access",
    "config.audit.sign_in": "tests/config/audit/test_services.py",
    "config.audit.verbs": "tests/config/audit/test_services.py",
    "config.backup.retention": "tests/faults/test_damaged_backups.py",
    "config.backup.restoring": "tests/faults/test_damaged_backups.py",
    "config.backup.scratch_cluster": "tests/faults/test_damaged_backups.py",
    "config.backup.verdict": "tests/faults/test_restore_drill.py",
    "config.identity.error_reports": "tests/config/identity/test_logging_filter.py",
    "config.offices.account_forms": "tests/config/offices/test_admin.py",
    "config.offices.selectors": "tests/architecture/test_pages.py",
    "config.sign_in.counting": "tests/config/sign_in/test_tries.py",
    "config.sign_in.forms": "tests/config/sign_in/test_fresh_factor.py",
    "config.sign_in.known_desks": "tests/config/sign_in/test_tries.py",
    "config.sign_in.middleware": "tests/config/sign_in/test_sessions.py",
    "config.sign_in.views": "tests/config/sign_in/test_sessions.py",
    "config.policy.checks": "tests/config/policy/test_commands.py",
    "config.policy.content": "tests/config/policy/test_pack.py",
    "config.policy.entry_words": "tests/architecture/test_pages.py",
    "config.policy.forms": "tests/architecture/test_pages.py",
    "config.web.policy": "tests/access/test_answers.py",
    "claims.models.columns": "tests/architecture/test_privileges.py",
    "enrollment.models.history": "tests/architecture/test_privileges.py",
    "claims.selectors.day_acts": "tests/claims/admin",
    "claims.selectors.drafts": "tests/claims/admin/test_desk.py",
    "claims.selectors.facilities": "tests/claims/admin/test_desk.py",
    "claims.selectors.sent_back": "tests/claims/admin",
    "claims.services.accepted_bills": "tests/claims/admin/test_crossings.py",
    "claims.services.api_use": "tests/claims",
    "claims.services.bills": "tests/claims/services/test_settlement.py",
    "claims.services.drafts": "tests/claims/admin/test_desk.py",
    "claims.services.invoices": "tests/claims/services/test_settlement.py",
    "claims.services.send_back": "tests/claims/admin",
    "claims.sweep.chains": "tests/claims/sweep/breaks.py",
    "claims.sweep.digests": "tests/claims/sweep/breaks.py",
    "claims.sweep.limits": "tests/claims/sweep/breaks.py",
    "claims.sweep.replay": "tests/claims/sweep/breaks.py",
    "claims.sweep.rule_keys": "tests/claims/sweep/breaks.py",
    "claims.sweep.offices": "tests/claims/sweep/breaks.py",
    "claims.sweep.openings": "tests/claims/sweep/breaks.py",
    "claims.sweep.parts": "tests/claims/sweep/breaks.py",
    "claims.sweep.records": "tests/claims/sweep/breaks.py",
    "claims.sweep.registry": "tests/claims/sweep/test_controls.py",
    "claims.sweep.rows": "tests/claims/sweep/breaks.py",
    "config.sweep.models": "tests/config/sweep/test_services.py",
    "config.sweep.reader": "tests/config/sweep/test_services.py",
    "claims.statement.amounts": "tests/claims/statement/test_sheet.py",
    "claims.statement.engine": "tests/claims/statement/test_pdf.py",
    "claims.statement.limit_lines": "tests/claims/statement/test_sheet.py",
    "claims.statement.limits": "tests/claims/statement/test_sheet.py",
    "claims.statement.list_rows": "tests/claims/admin",
    "claims.statement.printing": "tests/claims/statement/test_sheet.py",
    "claims.statement.review_facts": "tests/claims/admin",
    "claims.statement.stored": "tests/claims/statement/test_sheet.py",
    "claims.statement.why": "tests/claims/admin/test_statement.py",
}

IMPORTS_INSIDE_FUNCTIONS = {
    ("claims/statement/pdf.py", "claims.statement.engine"): "needs libraries a machine may lack",
}


def trees(folder):
    return {
        path: ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / folder).rglob("*.py")
    }


def imports_of(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.fixture(scope="module")
def imported_by_tests():
    return {name for tree in trees("tests").values() for name in imports_of(tree)}


@pytest.fixture(scope="module")
def sources():
    return {path: tree for package in PACKAGES for path, tree in trees(package).items()}


def has_test(relative: Path, imported: set[str]) -> bool:
    """Whether a test mirrors the module, imports it, or imports what its package takes from it."""
    mirror = ROOT / "tests" / relative.with_name(f"test_{relative.name}")
    module = ".".join(relative.with_suffix("").parts)
    package = ROOT / relative.parent / "__init__.py"
    reexported = package.is_file() and f"from {module} import" in package.read_text("utf-8")
    through_package = reexported and ".".join(relative.parent.parts) in imported
    return mirror.is_file() or module in imported or through_package


def test_every_module_has_a_test_or_a_reason(sources, imported_by_tests):
    without = []
    for path in sorted(sources):
        relative = path.relative_to(ROOT)
        if relative.stem in STEMS_WITHOUT_TEST or set(relative.parts) & set(MET_WITHOUT_IMPORT):
            continue
        module = ".".join(relative.with_suffix("").parts)
        if module not in MET_THROUGH and not has_test(relative, imported_by_tests):
            without.append(module)
    assert without == []


def test_what_is_met_through_another_test_exists():
    for module, test in MET_THROUGH.items():
        assert (ROOT / Path(*module.split("."))).with_suffix(".py").is_file(), module
        assert (ROOT / test).exists(), test


def test_a_module_without_a_test_is_noticed():
    assert not has_test(Path("claims/settlement/nothing.py"), set())
    assert has_test(Path("claims/settlement/wave.py"), set())


def test_imports_stand_at_the_top(sources):
    inside = set()
    for path, tree in sources.items():
        if path.name == "apps.py" or "migrations" in path.parts:
            continue  # the registry is complete only when `ready` runs
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        for node in (each for function in functions for each in ast.walk(function)):
            if isinstance(node, ast.ImportFrom):
                inside.add((str(path.relative_to(ROOT)), node.module))
            elif isinstance(node, ast.Import):
                inside |= {(str(path.relative_to(ROOT)), alias.name) for alias in node.names}
    assert inside - set(IMPORTS_INSIDE_FUNCTIONS) == set()


def test_the_top_level_holds_what_the_tree_names():
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout: what is tracked cannot be told from what was made here")
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    top = {name.split("/")[0] for name in tracked.split("\0") if name}
    assert top - TOP_LEVEL == set()


def test_no_source_promises_to_be_finished_later(sources):
    promise = re.compile(r"\b(?:TODO|FIXME|XXX)\b")
    found = [str(path) for path in sources if promise.search(path.read_text(encoding="utf-8"))]
    assert found == []
