"""How django-axes counts here: by `tries`, in its own table, before a password is checked."""

from __future__ import annotations

from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.http import HttpRequest

from config.sign_in import tries


class TriesCounting(AxesDatabaseHandler):
    """The database handler, with a rolling window and names kept as digests."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        """Enter the try; refuse it when too many were wrong before."""
        name = str((credentials or {}).get("username") or "")
        request.sign_in_try = tries.begin(request, tries.PASSWORD, name)  # type: ignore[attr-defined]
        return request.sign_in_try is None  # type: ignore[attr-defined]

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Answer in the terms of the package: at its limit when locked."""
        name = str((credentials or {}).get("username") or "")
        return 0 if tries.is_free(request, tries.PASSWORD, name) else tries.SHORT_LIMIT

    def user_login_failed(self, *_args: Any, **_kwargs: Any) -> None:
        """Leave the entry made before the check; nothing that was typed is kept."""

    def user_logged_in(self, *_args: Any, **_kwargs: Any) -> None:
        """Leave it to the service: a right password is half a sign-in."""

    def user_logged_out(self, *_args: Any, **_kwargs: Any) -> None:
        """Leave it to the audit."""
