"""Read a body as one JSON object: bounded, in UTF-8, each name once, no NaN."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.parsers import BaseParser

from claims.api.errors import BodyTooLarge, NotJson


class BoundedJSONParser(BaseParser):
    """Stops reading at the limit, whatever the headers say."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        del media_type  # what is read does not depend on it
        limit = settings.API_BODY_LIMIT_BYTES
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise BodyTooLarge(limit)
        if parser_context:
            # A request whose transaction collided is answered again, from the same body.
            parser_context["view"].plain_request._body = body  # noqa: SLF001  no other name for it
        try:
            read = json.loads(body.decode(), object_pairs_hook=_named_once, parse_constant=_refused)
            # Half a character could be neither stored nor shown.
            json.dumps(read, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:
            raise NotJson from error
        if not isinstance(read, dict):
            raise NotJson
        return read


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise ValueError("a name stands twice")
    return read


def _refused(constant: str) -> None:
    raise ValueError(constant)
