"""What goes in and out, as the OpenAPI document describes it.

Source: Anam's reference of April 2026 and its OpenAPI file of July 2026. Anam marks no field as
required, and adds some now and then: unknown ones are passed on.
"""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict, StrictStr

RenderStyle = Literal["all", "realistic", "animated_3d", "illustrated", "unknown"]
Decision = Literal["approved", "changes", "rejected"]
_PLAIN = r"^[^\x00-\x1f]*$"  # control characters are in no name, and PostgreSQL takes no NUL


class Avatar(Schema):
    """An avatar as Anam describes it; fields that Anam adds are passed on."""

    model_config = ConfigDict(extra="allow")

    id: str
    displayName: str
    variantName: str | None = None
    imageUrl: str | None = None
    videoUrl: str | None = Field(
        None,
        description="Works for minutes at least. Null until it is made, or without one.",
    )
    createdAt: str | None = None
    updatedAt: str | None = None
    createdByOrganizationId: str | None = Field(None, description="Null for Anam's stock avatars.")
    availableVersions: list[str] = Field(default_factory=list)
    activeVersion: str | None = None


class Meta(Schema):
    total: int
    lastPage: int
    currentPage: int
    perPage: int
    prev: int | None
    next: int | None


class AvatarPage(Schema):
    data: list[Avatar]
    meta: Meta


class Wanted(Schema):
    """Which avatars to list. The first four are Anam's own; `approval` is Greenroom's."""

    page: int = Field(1, ge=1, le=1_000_000_000)
    perPage: int = Field(10, ge=1, le=100)
    search: str = Field("", max_length=100, pattern=_PLAIN, description="Part of the name.")
    onlyOneShot: bool = Field(False, description="Leave Anam's stock avatars out.")
    renderStyle: RenderStyle = "all"
    tags: str = Field("", max_length=500, pattern=_PLAIN, description="Any of them, by commas.")
    approval: Literal["", "waiting", "approved", "changes", "rejected"] = Field(
        "", description="Only avatars with this word of the team's review."
    )


class Renaming(Schema):
    model_config = ConfigDict(extra="ignore")

    displayName: StrictStr = Field(description="3 to 50 characters.")


class Deleted(Schema):
    message: str


class Detail(Schema):
    """One thing that is wrong. What is wrong with a photo also says how to fix it."""

    path: str
    message: str
    code: str
    severity: str | None = None
    measured: str | None = None
    wanted: str | None = None
    how_to_fix: str | None = None


class Creation(Schema):
    """One wish for an avatar. `avatarId` is null until Anam has made it."""

    id: UUID
    state: str
    approval: str
    message: str
    avatarId: str | None
    displayName: str
    createdAt: datetime
    url: str = Field(description="Ask here what became of it.")
    page: str = Field(description="Its page for people.")
    advice: list[dict[str, Any]] = Field(description="How the photo could be better.")


class Problem(Schema):
    """An error in the shape that Anam's clients read."""

    error: str
    message: str
    details: list[Detail] | None = None
    right: str | None = Field(None, description="The right that the token lacks.")
    creation: Creation | None = Field(None, description="What goes on by itself all the same.")


class Review(Schema):
    """The team's word on an avatar. `version` counts the decisions."""

    approval: str
    note: str
    version: int


class Verdict(Schema):
    decision: Decision
    note: StrictStr = Field("", max_length=2000, description="Why. Needed unless it is approved.")
    version: int = Field(ge=0, le=2_147_483_647, description="Of the review that was looked at.")


class Feed(Schema):
    """The avatar in use behind a stable name. Remember it by its ETag."""

    slug: str
    avatarId: str
    avatarModel: str | None
    displayName: str
    version: int = Field(description="Counts the swaps.")
    changedAt: datetime


class PersonaConfig(Schema):
    """Anam's persona. Fields that are not listed here are passed on."""

    model_config = ConfigDict(extra="allow")

    avatarId: StrictStr = Field(description="An approved avatar of this team.")
    maxSessionLengthSeconds: int | None = Field(None, ge=1, le=86_400)


class SessionWanted(Schema):
    model_config = ConfigDict(extra="allow")

    personaConfig: PersonaConfig
    clientLabel: str | None = None


class SessionToken(Schema):
    model_config = ConfigDict(extra="allow")

    sessionToken: str


class EngineSession(Schema):
    """What Anam's SDKs need to open the conversation; passed on whole."""

    model_config = ConfigDict(extra="allow")
