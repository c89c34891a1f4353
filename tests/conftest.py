"""Fixtures every test may ask for."""

from tests.browser import (  # noqa: F401  pytest finds hooks and fixtures by their names here
    browser_context_args,
    browser_type_launch_args,
    print_skipped_browser_tests,
    skip_without_browser,
)
from tests.database import django_db_setup  # noqa: F401  replaces the fixture of pytest-django
from tests.factories import sign_in  # noqa: F401  lets `force_login` give both factors
from tests.rows import name_rows, print_rows, seed, tried  # noqa: F401  as above


def pytest_collection_modifyitems(config, items):
    skip_without_browser(config, items)
    name_rows(items)


def pytest_terminal_summary(terminalreporter, config):
    print_skipped_browser_tests(terminalreporter, config)
    print_rows(terminalreporter, config)
