"""/tokens: what programs may do in people's names, and until when."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from avatars.access import can_view, tokens_for
from avatars.models import Right, Token
from avatars.origin import absolute
from avatars.services import credentials
from avatars.token_forms import TokenForm

PAST_SHOWN = 100
_JSON = '-H "Content-Type: application/json" -d'
# A call for each right, for whoever has never made one.
_CALLS: dict[Right, str] = {
    Right.CREATE: "/v1/avatars -F displayName=Mia -F imageFile=@mia.jpg",
    Right.READ: "/v1/avatars",
    Right.FEED: "/v1/feed/NAME",
    Right.SESSIONS: f"""/v1/auth/session-token {_JSON} '{{"personaConfig":{{"avatarId":"ID"}}}}'""",
    Right.WRITE: f"""/v1/avatars/ID -X PUT {_JSON} '{{"displayName":"Mia"}}'""",
    Right.REVIEW: "/v1/avatars/ID/review",
    Right.DELETE: "/v1/avatars/ID -X DELETE",
}


@require_safe
@can_view
@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    return _page(request, TokenForm(covered=credentials.rights_of(request.user)))


@require_POST
@can_view
@never_cache
def make(request: HttpRequest) -> HttpResponse:
    """Answers with the text itself, not with a redirect: nothing keeps it for a next page."""
    form = TokenForm(request.POST, covered=credentials.rights_of(request.user))
    if not form.is_valid():
        return _page(request, form, status=422)
    person, asked = request.user, form.cleaned_data
    name, rights, wish = asked["name"], asked["rights"], asked["wish"]
    try:
        token, text = credentials.make(person, name, rights, by=person, wish=wish, **form.limits)
    except credentials.Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("tokens")
    shown = {"token": token, "text": text, "example": _example(request, token)}
    return render(request, "avatars/token_made.html", shown)


@require_POST
@can_view
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    token = get_object_or_404(tokens_for(request.user), pk=token_id)
    if credentials.revoke(token.pk, request.user):
        messages.success(request, f"“{token.name}” is revoked. Programs that use it get 401 now.")
    else:
        messages.info(request, f"“{token.name}” was revoked already.")
    return redirect("tokens")


def _page(request: HttpRequest, form: TokenForm, status: int = 200) -> HttpResponse:
    now = timezone.now()
    seen = tokens_for(request.user).select_related("owner", "created_by", "revoked_by")
    past = seen.past(now)
    context = {
        "form": form,
        "tokens": seen.open(now),
        "past": past[:PAST_SHOWN],
        "past_total": past.count(),
        "past_shown": PAST_SHOWN,
    }
    return render(request, "avatars/tokens.html", context, status=status)


def _example(request: HttpRequest, token: Token) -> str:
    """A call for the command line; the token itself stays out of it, and so out of histories."""
    call = next(call for right, call in _CALLS.items() if token.has(right))
    path, space, rest = call.partition(" ")
    header = "Authorization: Bearer $GREENROOM_TOKEN"
    return f'curl -H "{header}" {absolute(request, path)}{space}{rest}'
