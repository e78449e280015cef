"""`/v1/creations`: what became of a create that nobody waited for. Greenroom's own addition."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse

from avatars.models import Avatar, Right

from .bearer import needing
from .described import creation_of
from .doors import router
from .refusals import missing
from .shapes import Creation, Problem


@router.get(
    "/creations/{creation_id}",
    **needing(Right.READ, Right.CREATE),
    tags=["Creations"],
    operation_id="getCreation",
    summary="Ask what became of a create",
    url_name="creation",
    response={200: Creation, **dict.fromkeys((400, 401, 403, 404, 429, 503), Problem)},
)
def get_creation(request: HttpRequest, creation_id: UUID) -> HttpResponse:
    """Where it stands, in a word and in a sentence, and Anam's id once there is one."""
    avatar = Avatar.objects.filter(pk=creation_id, stock=False).first()
    if avatar is None:
        raise missing()
    return JsonResponse(creation_of(request, avatar))
