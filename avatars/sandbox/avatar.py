"""One avatar: what is kept in avatar.json, and what the API shows of it."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime

# Like the vendor's, it is no UUID: readers have to take any text.
ORGANIZATION = "GreenroomSandboxOrg01"


@dataclass(frozen=True)
class Avatar:
    """Times are seconds since 1970. `organization` None marks a stock avatar."""

    id: str
    name: str
    model: str
    created_at: float
    updated_at: float
    description: str
    tags: tuple[str, ...]
    style: str
    has_portrait: bool = True
    variant: str = "default"
    organization: str | None = ORGANIZATION

    @property
    def is_stock(self) -> bool:
        return self.organization is None

    def dumps(self) -> bytes:
        return json.dumps(asdict(self), indent=1).encode()

    @classmethod
    def loads(cls, text: bytes) -> "Avatar":
        kept = json.loads(text)
        known = {field.name: kept[field.name] for field in fields(cls)}
        return cls(**known | {"tags": tuple(kept["tags"])})

    def ready(self, now: float, preview_after: float) -> bool:
        """Stock avatars always are; a custom one when its previews have had their time."""
        return self.is_stock or now - self.created_at >= preview_after

    def shown(
        self, *, ready: bool, link: Callable[[str], str], signed: Callable[[str], str]
    ) -> dict[str, object]:
        """Anam's JSON, April fields and July's; `link` and `signed` turn a file name to a URL."""
        return {
            "id": self.id,
            "displayName": self.name,
            "variantName": self.variant,
            "imageUrl": link("image.jpg"),
            "landscapeImageUrl": link("landscape.jpg"),
            "portraitImageUrl": link("portrait.jpg") if self.has_portrait else None,
            "videoUrl": signed("video.webm") if ready else None,
            "idleVideoUrl": signed("idle.webm") if ready else None,
            "createdAt": moment(self.created_at),
            "updatedAt": moment(self.updated_at),
            "createdByOrganizationId": self.organization,
            "availableVersions": [self.model],
            "activeVersion": self.model,
            "description": self.description if ready else None,
            "displayTags": list(self.tags) if ready else [],
            "renderStyle": self.style if ready else "unknown",
        }


def moment(seconds: float) -> str:
    """ISO 8601 in UTC with milliseconds and a Z, as the vendor writes it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
