"""What stands in the addresses of the gateway."""

from typing import Annotated
from uuid import UUID

from ninja import P, PathEx, QueryEx
from pydantic import WithJsonSchema

# A text, because a malformed one is answered in the vendor's words by `avatars.find`.
_Id = Annotated[str, WithJsonSchema({"type": "string", "format": "uuid"})]
AvatarId = PathEx[_Id, P(description="The avatar's id at Anam.")]
CreationId = PathEx[UUID, P(description="The `id` of a creation, or a `Greenroom-Id`.")]
Slug = PathEx[str, P(description="The feed's name, such as `support-de`.")]
Hard = QueryEx[bool, P(description="Erase the photo and everything that shows the face.")]
