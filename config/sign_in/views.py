"""The pages before the admin: password, code, enrolment, and the code asked for once more.

They carry no script and the strict content policy. A session that gave the password alone belongs
to nobody: these views are the only ones that look for its half signed-in person.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from config.audit.services import record, record_refusal
from config.audit.sign_in import record_opened
from config.error_sentences import sentence
from config.errors import DomainError
from config.offices import scope
from config.offices.models import User
from config.sign_in import known_desks, sessions, tries
from config.sign_in.models import TotpDevice
from config.sign_in.qr import address_of, drawing_of
from config.sign_in.services import factor
from config.sign_in.services.password import demand_change_of_old, password_try

View = Callable[..., HttpResponse]
LONGEST_TYPED = 1024


def _page(view: View) -> View:
    """Give a view what all of these pages share."""

    @csp_replace(settings.STRICT_CONTENT_SECURITY_POLICY)
    @never_cache
    @sensitive_post_parameters()
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def shared(request: HttpRequest) -> HttpResponse:
        return view(request)

    return shared


@_page
def password(request: HttpRequest) -> HttpResponse:
    """Ask for name and password."""
    after = _address_after(request)
    if scope.current_or_none():
        return HttpResponseRedirect(after or reverse("admin:index"))
    problem = ""
    if request.method == "POST":
        try:
            password_try(request, _typed(request, "username"), _typed(request, "password"), after)
        except DomainError as error:
            problem = sentence(error)
        else:
            return HttpResponseRedirect(reverse("sign_in:code"))
    return _shown(request, "password", problem=problem, username=_typed(request, "username"))


@_page
def code(request: HttpRequest) -> HttpResponse:
    """Ask who gave the password for the second factor."""
    user = sessions.half_signed_in(request)
    if user is None:
        return HttpResponseRedirect(reverse("sign_in:password"))
    device = factor.device_of(user)
    if device is None and not user.one_day_codes.exists():
        return HttpResponseRedirect(reverse("sign_in:enrol"))
    problem = ""
    if request.method == "POST":
        try:
            factor.factor_try(request, user, _typed(request, "code"))
        except DomainError as error:
            if error.code == "sign_in.code.locked":
                return _locked(request, error)
            problem = sentence(error)
        else:
            after = sessions.address_after(request) or reverse("admin:index")
            return _opened(request, user, HttpResponseRedirect(after))
    return _shown(request, "code", problem=problem, user_name=user.username, **_demo(device))


@_page
def enrol(request: HttpRequest) -> HttpResponse:
    """Let who has no device yet enrol one; the next page shows the codes for a lost device."""
    user = sessions.half_signed_in(request)
    if user is None or factor.device_of(user):
        return HttpResponseRedirect(reverse("sign_in:password"))
    seed = factor.seed_to_enrol(request)
    problem = ""
    if request.method == "POST":
        try:
            device = _device_asked(request, seed)
            codes = factor.device_enrol(request, user, device, _typed(request, "code"))
        except DomainError as error:
            if error.code == "sign_in.code.locked":
                return _locked(request, error)
            problem = sentence(error)
        else:
            after = sessions.address_after(request) or reverse("admin:index")
            return _opened(request, user, _shown(request, "codes", codes=codes, after=after))
    offered = TotpDevice(user=user, seed=seed)
    drawing = drawing_of(address_of(user.username, _("Medical insurance desk"), seed))
    grouped = " ".join(seed[at : at + 4] for at in range(0, len(seed), 4))
    return _shown(
        request,
        "enrol",
        problem=problem,
        drawing=drawing,
        seed=grouped,
        is_token="token" in request.GET or bool(_typed(request, "seed")),
        **_demo(offered),
    )


@_page
def again(request: HttpRequest) -> HttpResponse:
    """Ask who is signed in for a fresh code, before a sensitive act."""
    user = request.user
    if not isinstance(user, User) or scope.current_or_none() is None:
        return HttpResponseRedirect(reverse("sign_in:password"))
    after = _address_after(request)
    problem = ""
    if request.method == "POST":
        try:
            factor.factor_try(request, user, _typed(request, "code"))
        except DomainError as error:
            problem = sentence(error)
            if error.code == "sign_in.code.locked":
                record_refusal("session.refused", user, username_known=True)
                sessions.end(user)
                return _locked(request, error)
        else:
            sessions.renew_factor(request, user)
            record("session.renewed", user)
            return HttpResponseRedirect(after or reverse("admin:index"))
    device = factor.device_of(user)
    return _shown(
        request, "code", problem=problem, user_name=user.username, is_again=True, **_demo(device)
    )


def _opened(request: HttpRequest, user: User, response: HttpResponse) -> HttpResponse:
    demand_change_of_old(user)
    sessions.begin(request, user)
    record_opened(request)
    known_desks.remember(request, response, tries.who_is(user.username))
    return response


def _locked(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Begin anew: the password given in this session counts no longer."""
    sessions.drop_half(request)
    return _shown(request, "password", problem=sentence(error))


def _device_asked(request: HttpRequest, seed: str) -> TotpDevice:
    """Return the device to enrol: the offered seed, or the one printed on a token."""
    typed = _typed(request, "seed")
    if not typed:
        return TotpDevice(seed=seed)
    return TotpDevice(
        kind=TotpDevice.Kind.TOKEN,
        seed=factor.read_seed(typed),
        digits=8 if _typed(request, "digits") == "8" else 6,
        step=60 if _typed(request, "step") == "60" else 30,
    )


def _address_after(request: HttpRequest) -> str:
    """Return where to go afterwards, if it is an address of this site and not of signing in."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        asked, {request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_ours and not asked.startswith(reverse("sign_in:password")) else ""


def _typed(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\0", "")[:LONGEST_TYPED]


def _demo(device: TotpDevice | None) -> dict[str, Any]:
    """Return the code a demonstration shows openly, so that nobody needs a telephone to try it."""
    if not settings.IS_DEMONSTRATION or device is None:
        return {}
    return {"is_demonstration": True, "demonstration_code": device.next_code()}


def _shown(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    after = _address_after(request)
    context = {
        "problem": "",
        "query": f"?{urlencode({'next': after})}" if after else "",
        "is_demonstration": settings.IS_DEMONSTRATION,
        **context,
    }
    return render(request, f"sign_in/{name}.html", context)
