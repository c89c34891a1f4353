"""The sealed column: nothing plain in memory by accident, nothing plain at rest."""

import pytest
from django.db import models
from django.template import Context, Template

from config.identity.fields import EncryptedText, Sealed

PLAIN = "invented-secret-text"


class Holder(models.Model):
    secret = EncryptedText(purpose="holder.secret")

    class Meta:
        app_label = "offices"
        managed = False

    def __str__(self):
        return ""


@pytest.fixture
def holder():
    return Holder(secret=PLAIN)


def test_an_assigned_text_is_sealed_at_once(holder):
    assert isinstance(holder.secret, Sealed)
    assert holder.secret.plain() == PLAIN
    assert PLAIN not in str(holder.__dict__)


def test_templates_and_logs_see_the_mask(holder):
    shown = Template("{{ holder.secret }} {{ holder.secret.sealed }}").render(
        Context({"holder": holder})
    )
    assert shown.startswith("**** ")
    assert PLAIN not in shown
    assert f"{holder.secret} {holder.secret!r}" == "**** ****"


def test_what_goes_to_the_database_is_sealed_and_comes_back(holder):
    field = Holder._meta.get_field("secret")
    stored = field.get_prep_value(holder.secret)
    assert PLAIN not in stored
    assert field.get_prep_value(PLAIN) != PLAIN
    again = Holder(secret=field.from_db_value(stored, None, None))
    assert again.secret == holder.secret
    assert again.secret.plain() == PLAIN


def test_empty_and_null():
    assert Holder(secret=None).secret is None
    assert not Holder(secret="").secret
    assert Holder(secret="").secret.plain() == ""
