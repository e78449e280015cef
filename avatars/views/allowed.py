"""What whoever looks at a page may do, for every page that offers it."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from avatars.access import may_create, policy_of


def allowed(request: HttpRequest) -> dict[str, object]:
    """For templates: `may_create`, by role and policy; asked for only where it is shown."""
    return {"may_create": SimpleLazyObject(lambda: _may_create(request))}


def _may_create(request: HttpRequest) -> bool:
    # The role first: whoever it keeps out needs no look at the policy.
    by_role = request.user.has_perm("avatars.add_avatar")
    return by_role and may_create(request.user, policy_of(request))
