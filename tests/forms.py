"""Send a form of the admin as a browser does: with the hidden fields its page carries."""

from typing import Any

from django.test import Client


def hidden_fields(client: Client, page: str) -> dict[str, str]:
    """Open a page and return what it sends along unseen."""
    shown = client.get(page)
    assert shown.status_code == 200, shown.status_code
    return {name: shown.context.get(name) or "" for name in ("request_key", "rows_seen")}


def sent(client: Client, page: str, fields: dict[str, Any], **more: Any) -> Any:
    """Open a page, fill its form in and send it."""
    return client.post(page, {**hidden_fields(client, page), **fields}, **more)
