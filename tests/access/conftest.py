"""The worlds of a module, in one transaction."""

import pytest
from django.conf import settings
from django.test import override_settings

from tests.access.worlds import kept_in_one_transaction, make_worlds
from tests.config.runs import probe


@pytest.fixture(scope="module")
def worlds(django_db_setup, django_db_blocker, tmp_path_factory):
    """Two office worlds, made once; a test undoes what it does."""
    changed = override_settings(
        IS_DEMONSTRATION=True,
        MEDIA_ROOT=tmp_path_factory.mktemp("files"),
        LANGUAGE_CODE="en",
        RUN_KINDS=settings.RUN_KINDS | probe.SETTINGS,
    )
    with changed, django_db_blocker.unblock(), kept_in_one_transaction():
        yield make_worlds()
