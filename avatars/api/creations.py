"""`/v1/creations`: what became of a create that nobody waited for. Greenroom's own addition."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from avatars.models import Avatar, Right

from .answers import meaning
from .bearer import needing
from .catalogue import visible
from .described import creation_of
from .doors import router
from .places import CreationId
from .refusals import missing
from .shapes import Creation, Problem


@router.get(
    "/creations/{creation_id}",
    **needing(Right.READ, Right.CREATE, responses={200: meaning("Where it stands.")}),
    tags=["Creations"],
    operation_id="getCreation",
    summary="Ask what became of a create",
    url_name="creation",
    response={200: Creation, **dict.fromkeys((400, 401, 403, 404, 429, 503), Problem)},
)
def get_creation(request: HttpRequest, creation_id: CreationId) -> HttpResponse:
    """Where it stands, in a word and in a sentence, and Anam's id once there is one.

    `avatarId` is filled once it is made. The state `refused` is final. In the state `review` it
    waits for people: `message` says for whom, and after their yes it goes on by itself.
    """
    avatar = visible(request, Avatar.objects.filter(pk=creation_id, stock=False)).first()
    if avatar is None:
        raise missing("creation")
    return JsonResponse(creation_of(request, avatar))
