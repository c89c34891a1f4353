"""Fixtures every test may ask for."""

from tests.browser import (  # noqa: F401  pytest finds hooks and fixtures by their names here
    browser_context_args,
    browser_type_launch_args,
    pytest_terminal_summary,
    skip_without_browser,
)
from tests.database import django_db_setup  # noqa: F401  replaces the fixture of pytest-django


def pytest_collection_modifyitems(config, items):
    skip_without_browser(config, items)
