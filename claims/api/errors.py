"""One shape for every error: stable code, sentence in the request's language, field."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from claims.api.names import national_field
from config.audit import services as audit
from config.error_sentences import sentence, sentence_of
from config.errors import Conflict, DomainError, InvalidInput, InvalidInputs, NotKnown, Refused
from config.offices import scope
from config.offices.collisions import is_collision

logger = logging.getLogger(__name__)

# Where the kind of an error does not say it.
STATUS_OF_CODE = {
    "claims.api.key_missing": status.HTTP_400_BAD_REQUEST,
    "claims.api.key_unreadable": status.HTTP_400_BAD_REQUEST,
    "claims.api.not_found": status.HTTP_404_NOT_FOUND,
    "claims.api.person_unknown": status.HTTP_404_NOT_FOUND,
    "claims.api.too_many": status.HTTP_429_TOO_MANY_REQUESTS,
    "offices.act.not_allowed": status.HTTP_403_FORBIDDEN,
    # This process is not up to date; another one may be.
    "policy.release.files_differ": status.HTTP_503_SERVICE_UNAVAILABLE,
}
STATUS_OF_KIND: tuple[tuple[type[DomainError], int], ...] = (
    (InvalidInput, status.HTTP_422_UNPROCESSABLE_ENTITY),
    (InvalidInputs, status.HTTP_422_UNPROCESSABLE_ENTITY),
    (NotKnown, status.HTTP_422_UNPROCESSABLE_ENTITY),
    (Conflict, status.HTTP_409_CONFLICT),
    (Refused, status.HTTP_409_CONFLICT),
)
# Mistakes the framework finds in a field, under our codes.
CODE_OF_MISTAKE = {
    "required": "claims.api.field_missing",
    "null": "claims.api.field_missing",
    "blank": "claims.api.field_missing",
    "empty": "claims.api.field_missing",
    "invalid_choice": "claims.api.field_not_a_choice",
    "max_length": "claims.api.field_too_long",
    "max_value": "claims.api.field_too_long",
    "max_string_length": "claims.api.field_too_long",
    "min_length": "claims.api.field_too_short",
    "min_value": "claims.api.field_too_short",
}
CODE_OF_STATUS = {
    401: "claims.api.token_refused",
    403: "claims.api.not_allowed",
    404: "claims.api.not_found",
    405: "claims.api.method_not_allowed",
    406: "claims.api.not_acceptable",
    415: "claims.api.media_type",
}


class TokenMissing(exceptions.NotAuthenticated):
    """No token came along."""

    default_code = "claims.api.token_missing"


class TokenRefused(exceptions.AuthenticationFailed):
    """A token that is not known, has ended, or was revoked; which of them is not said."""

    default_code = "claims.api.token_refused"


class NotJson(exceptions.ParseError):
    """The body cannot be read."""

    default_code = "claims.api.not_json"


class BodyTooLarge(exceptions.APIException):
    """The body is larger than any bill."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "claims.api.too_large"

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.facts = {"limit": limit}


class ChangedSincePreview(DomainError):
    """The figures are not those that were shown; carries the preview as it is now."""

    def __init__(self, code: str, preview: Mapping[str, Any]) -> None:
        super().__init__(code)
        self.preview = preview


def answer_to(error: Exception, context: Mapping[str, Any]) -> Response:
    """Return the answer to an error, and undo what the request did before it."""
    if isinstance(error, Http404 | PermissionDenied) and scope.current_or_none() is not None:
        # A row of another office or facility, for all we know; the event outlives the undoing.
        page = type(context["view"]).__name__
        audit.record_refusal("address.refused", page=page, code="404")
    set_rollback()
    # The interface answers its errors itself, so it tells the door that this one is a collision.
    context["view"].plain_request.has_collided = is_collision(error)
    request_id = context["view"].request_id
    if isinstance(error, ChangedSincePreview):
        mistakes = [_mistake(error.code, sentence(error))]
        return _answer(409, request_id, mistakes, preview=error.preview)
    if isinstance(error, DomainError):
        return _domain_answer(error, request_id)
    if isinstance(error, exceptions.ValidationError):
        return _answer(400, request_id, list(_field_mistakes(error.get_full_details())))
    if isinstance(error, Http404):
        return _answer(404, request_id, [_coded("claims.api.not_found")])
    if isinstance(error, PermissionDenied):
        return _answer(403, request_id, [_coded("claims.api.not_allowed")])
    if isinstance(error, exceptions.APIException):
        return _framework_answer(error, request_id)
    if is_collision(error):
        return _answer(503, request_id, [_coded("claims.account.busy")])
    logger.error("request %s failed", request_id, exc_info=error)
    if settings.DEBUG:
        raise error
    return _answer(500, request_id, [_coded("claims.api.failed")])


def _domain_answer(error: DomainError, request_id: str) -> Response:
    of_kind = next((code for kind, code in STATUS_OF_KIND if isinstance(error, kind)), 500)
    code = STATUS_OF_CODE.get(error.code, of_kind)
    if code == 500:
        # Not a mistake of the caller: the act was started in a wrong way.
        logger.error("request %s failed: %s", request_id, error.code)
        return _answer(500, request_id, [_coded("claims.api.failed")])
    if isinstance(error, InvalidInputs):
        listed: tuple[DomainError, ...] = error.mistakes
    else:
        listed = (error,)
    answer = _answer(
        code,
        request_id,
        [_mistake(each.code, sentence(each), getattr(each, "field", "")) for each in listed],
    )
    if "retry_after_s" in error.facts:
        answer["Retry-After"] = str(error.facts["retry_after_s"])
    return answer


def _framework_answer(error: exceptions.APIException, request_id: str) -> Response:
    code = error.get_codes()
    if not isinstance(code, str) or "." not in code:
        code = CODE_OF_STATUS.get(error.status_code, "claims.api.not_json")
    mistake = _mistake(code, sentence_of(code, getattr(error, "facts", {})))
    answer = _answer(error.status_code, request_id, [mistake])
    if header := getattr(error, "auth_header", None):
        answer["WWW-Authenticate"] = header
    return answer


def _field_mistakes(details: Any, field: str = "") -> Iterator[dict[str, str]]:
    """Walk the framework's nested details down to one mistake per field."""
    if isinstance(details, dict) and set(details) == {"message", "code"}:
        code = str(details["code"])
        if "." in code:
            yield _mistake(code, str(details["message"]), field)
        else:
            yield _coded(CODE_OF_MISTAKE.get(code, "claims.api.field_unreadable"), field)
        return
    if isinstance(details, dict):
        for name, inner in details.items():
            is_general = name == "non_field_errors"
            path = field if is_general else f"{field}.{name}".lstrip(".")
            yield from _field_mistakes(inner, path)
        return
    is_of_lines = any(isinstance(each, dict) and "code" not in each for each in details)
    for place, inner in enumerate(details):
        yield from _field_mistakes(inner, f"{field}.{place}" if is_of_lines else field)


def _coded(code: str, field: str = "") -> dict[str, str]:
    return _mistake(code, sentence_of(code, {}), field)


def _mistake(code: str, text: str, field: str = "") -> dict[str, str]:
    return {"code": code, "sentence": text, "field": national_field(field)}


def _answer(code: int, request_id: str, mistakes: list[dict[str, str]], **more: Any) -> Response:
    return Response({"request_id": request_id, "errors": mistakes, **more}, status=code)
