"""What stands in the addresses of the gateway."""

from uuid import UUID

from ninja import P, PathEx, QueryEx

# A text, because a malformed one is answered in the vendor's words by `avatars.find`.
AvatarId = PathEx[str, P(description="The avatar's id at Anam.", format="uuid")]
CreationId = PathEx[UUID, P(description="The `id` of a creation, or a `Greenroom-Id`.")]
Slug = PathEx[str, P(description="The feed's name, such as `support-de`.")]
Hard = QueryEx[bool, P(description="Erase the photo and everything that shows the face.")]
