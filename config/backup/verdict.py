"""What a restored database says of itself: it is paused, its keys open, people can sign in."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from config import calendar
from config.identity.fields import EncryptedText
from config.offices import roles, scope
from config.offices.models import Membership, Office, User
from config.offices.selectors import scope_of_system
from config.operation.selectors import is_paused

READ_OF_EACH_END = 20


def problems() -> list[str]:
    """Return what is wrong with the restored database, in words; nothing is left in it."""
    return [*_paused_problems(), *_key_problems(), *_sign_in_problems()]


def _paused_problems() -> Iterator[str]:
    if not is_paused():
        yield "it is not paused: releases and runs would go on at once"


def _key_problems() -> Iterator[str]:
    """Open the oldest and the newest sealed values: a lost key shows here, not at the counter."""
    with scope.enter_or_leave(scope_of_system("restore")), transaction.atomic():
        for model in apps.get_models():
            sealed = [f.attname for f in model._meta.fields if isinstance(f, EncryptedText)]
            if not sealed or any(field.name == "pgh_id" for field in model._meta.fields):
                continue
            rows = model.objects.only(*sealed)
            read = [
                *rows.order_by("pk")[:READ_OF_EACH_END],
                *rows.order_by("-pk")[:READ_OF_EACH_END],
            ]
            shut = sum(not getattr(row, name).opens() for row in read for name in sealed)
            if shut:
                yield f"{shut} values of {model._meta.label} do not open: a key is missing"


def _sign_in_problems() -> Iterator[str]:
    """Sign an invented person in, inside a transaction that is undone."""
    with transaction.atomic():
        office = Office.objects.filter(kind=Office.Kind.POOL).order_by("id").first()
        if office is None:
            yield "it holds no offices"
        else:
            password = secrets.token_urlsafe(24)
            user = User.objects.create_user(
                f"restore-{secrets.token_hex(8)}", password, full_name="restore test"
            )
            Membership.objects.create(
                user=user, office=office, role=roles.AUDITOR, from_on=calendar.today()
            )
            if not _signs_in(user, password):
                yield "nobody can sign in"
        transaction.set_rollback(True)


def _signs_in(user: User, password: str) -> bool:
    host = next((name for name in settings.ALLOWED_HOSTS if name.strip(".*")), "localhost")
    client = Client(SERVER_NAME=host.lstrip("."), raise_request_exception=False)
    answer = client.post(
        reverse("admin:login"), {"username": user.username, "password": password}, secure=True
    )
    return answer.status_code == 302
