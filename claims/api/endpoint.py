"""What every endpoint does: know the token, enter its scope, answer in one shape."""

from __future__ import annotations

import re
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

from csp.constants import NONE
from csp.decorators import csp
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from claims.api.authentication import HoldsToken, TokenAuthentication, scope_of_token
from claims.api.errors import answer_to
from claims.api.parsing import BoundedJSONParser
from claims.api.shapes import ChangedAnswer, ErrorAnswer
from claims.models import ApiToken, Facility
from config.errors import InvalidInput
from config.offices import scope
from config.offices.client_address import client_address

# An answer is data: nothing in it may be loaded, run or framed.
POLICY = {
    "default-src": [NONE],
    "frame-ancestors": [NONE],
    "base-uri": [NONE],
    "form-action": [NONE],
    "object-src": [NONE],
    "report-uri": [settings.POLICY_REPORTS],
}
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
KEY_HEADER = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description="16 to 64 letters, digits, hyphens or underscores, new for each act. The same "
    "key with the same body is answered with the first answer; with another body it is refused.",
)
REFUSALS = {
    400: ErrorAnswer,
    401: ErrorAnswer,
    403: ErrorAnswer,
    404: ErrorAnswer,
    409: ChangedAnswer,
    413: ErrorAnswer,
    422: ErrorAnswer,
    429: ErrorAnswer,
    500: ErrorAnswer,
    503: ErrorAnswer,
}


def described(summary: str, answer: type[Serializer], code: int = 200, **more: Any) -> Any:
    """Describe an endpoint in the schema, every refusal included."""
    return extend_schema(
        summary=summary, responses={code: answer, **REFUSALS}, tags=["interface"], **more
    )


@method_decorator(csp(POLICY), name="dispatch")
class Endpoint(APIView):
    """A view of the interface; inside its methods the token's scope is in force."""

    authentication_classes = [TokenAuthentication]
    permission_classes = [HoldsToken]
    parser_classes = [BoundedJSONParser]
    renderer_classes = [JSONRenderer]
    metadata_class = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.request_id, self.plain_request = str(uuid4()), request
        with ExitStack() as self.acting:
            # Whoever is signed in to this site in the same browser does not act here.
            self.acting.enter_context(scope.leave())
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Enter the scope of the token once it is known."""
        super().initial(request, *args, **kwargs)
        address = client_address(request)
        self.acting.enter_context(scope.enter(scope_of_token(self.token, self.request_id, address)))

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any):
        """Keep answers out of every cache."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        response["X-Request-Id"] = self.request_id
        return response

    def get_exception_handler(self):
        return answer_to

    @property
    def token(self) -> ApiToken:
        """The token that calls."""
        return self.request.auth

    @property
    def facility(self) -> Facility:
        """The facility the token acts for."""
        return self.token.facility

    def read(self, shape: type[Serializer]) -> dict[str, Any]:
        """Return the body as its shape reads it."""
        body = shape(data=self.request.data)
        body.is_valid(raise_exception=True)
        return body.validated_data

    def key(self) -> str:
        """Return the key of the act.

        Raises:
            InvalidInput: `claims.api.key_missing`, `claims.api.key_unreadable`.
        """
        key = self.request.headers.get("Idempotency-Key", "")
        if not key:
            raise InvalidInput("claims.api.key_missing")
        if not _KEY.fullmatch(key):
            raise InvalidInput("claims.api.key_unreadable")
        return key
