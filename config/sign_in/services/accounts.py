"""Accounts: the first ones of a pool, and those nobody used for 90 days."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest

from config import calendar
from config.audit.services import record
from config.errors import Refused
from config.offices import roles
from config.offices.acting import run_in_office
from config.offices.models import Membership, Office, User
from config.sign_in import sessions
from config.sign_in.models import KeptPassword

DORMANT = timedelta(days=90)
FIRST_ROLES = (roles.ADMINISTRATOR, roles.SECURITY_OFFICER)
SECRET_BYTES = 18


def first_account_make(pool: Office, role: str, username: str, full_name: str) -> str:
    """Make the first administrator or security officer of a pool; return the one-time secret.

    The secret must be replaced, and a second factor enrolled, at the first sign-in.

    Raises:
        Refused: `sign_in.first.exists`, somebody holds the role and can sign in.
    """
    with transaction.atomic(), run_in_office(pool, agent="first_administrator"):
        Office.objects.select_for_update().get(pk=pool.pk)
        holders = Membership.objects.filter(
            Membership.valid_on(calendar.today()), role=role, office=pool, user__is_active=True
        )
        if role not in FIRST_ROLES or holders.exists():
            raise Refused("sign_in.first.exists")
        secret = secrets.token_urlsafe(SECRET_BYTES)
        user = User.objects.create_user(
            username, secret, full_name=full_name, must_change_password=True
        )
        record("user.created", user, fields=["username", "full_name"])
        held = Membership.objects.create(
            user=user, office=pool, role=role, from_on=calendar.today()
        )
        record(
            "membership.granted",
            user,
            role=role,
            office=pool.code,
            from_on=str(held.from_on),
            through_on="",
        )
    return secret


def dormant_accounts_close() -> int:
    """Close every account nobody signed in with for 90 days; return how many.

    One that was never used counts from the day it was made. An administrator opens it again by
    setting a new password.
    """
    pool = Office.objects.filter(kind=Office.Kind.POOL).order_by("pk").first()
    if pool is None:
        return 0
    with transaction.atomic(), run_in_office(pool, agent="dormant_accounts"):
        password_set = KeptPassword.objects.filter(user=OuterRef("pk")).values("set_at")[:1]
        last_used = Greatest(Coalesce("last_seen_at", "created_at"), Subquery(password_set))
        dormant = list(
            User.objects.alias(used_at=last_used)
            .filter(is_active=True, used_at__lt=calendar.now() - DORMANT)
            .select_for_update()
        )
        User.objects.filter(pk__in=[user.pk for user in dormant]).update(is_active=False)
        for user in dormant:
            sessions.end(user)
            record("user.lapsed", user)
    return len(dormant)
