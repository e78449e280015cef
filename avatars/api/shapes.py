"""What goes in and out, as the OpenAPI document describes it.

Source: Anam's reference of April 2026 and its OpenAPI file of July 2026. Anam marks no field as
required, and adds some now and then: unknown ones are passed on.
"""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict, StrictInt, StrictStr

from . import examples

RenderStyle = Literal["all", "realistic", "animated_3d", "illustrated", "unknown"]
Word = Literal["waiting", "approved", "changes", "rejected"]
Decision = Literal["approved", "changes", "rejected"]
Why = Literal["quality", "framing", "person", "consent", "duplicate", "purpose", "unfit", "other"]
Stage = Literal["review", "queued", "sending", "ready", "held", "unknown", "refused", "removed"]
_PLAIN = r"^[^\x00-\x1f]*$"  # control characters are in no name, and PostgreSQL takes no NUL


def _like(example: dict[str, Any], *, extra: Literal["allow", "ignore"] = "ignore") -> ConfigDict:
    return ConfigDict(extra=extra, json_schema_extra={"examples": [example]})


class Avatar(Schema):
    """An avatar as Anam describes it; fields that Anam adds are passed on."""

    model_config = _like(examples.AVATAR, extra="allow")

    id: str = Field(description="Anam's id.")
    displayName: str = Field(description="The name that counts here.")
    variantName: str | None = None
    imageUrl: str | None = Field(None, description="The photo, as Anam made it ready.")
    videoUrl: str | None = Field(
        None,
        description="The preview, for minutes at least. Null until it is made, or without one.",
    )
    createdAt: str | None = Field(None, description="ISO 8601.")
    updatedAt: str | None = Field(None, description="ISO 8601.")
    createdByOrganizationId: str | None = Field(None, description="Null for Anam's stock avatars.")
    availableVersions: list[str] = Field(
        default_factory=list, description="Models that can play it."
    )
    activeVersion: str | None = Field(None, description="The model that plays it.")


class Meta(Schema):
    """Which page it is, of how many."""

    total: int = Field(description="Avatars on all pages.")
    lastPage: int
    currentPage: int
    perPage: int
    prev: int | None = Field(description="The page before, if there is one.")
    next: int | None = Field(description="The page after, if there is one.")


class AvatarPage(Schema):
    """A part of the list."""

    data: list[Avatar]
    meta: Meta


class Wanted(Schema):
    """Which avatars to list. The first four are Anam's own; `approval` is Greenroom's."""

    page: int = Field(1, ge=1, le=1_000_000_000, description="Counted from 1.")
    perPage: int = Field(10, ge=1, le=100, description="Avatars on a page.")
    search: str = Field("", max_length=100, pattern=_PLAIN, description="Part of the name.")
    onlyOneShot: bool = Field(False, description="Leave Anam's stock avatars out.")
    renderStyle: RenderStyle = Field("all", description="How Anam says that it looks.")
    tags: str = Field(
        "",
        max_length=500,
        pattern=_PLAIN,
        description="Anam's display tags, any of them, separated by commas.",
    )
    approval: Literal["", "waiting", "approved", "changes", "rejected"] = Field(
        "", description="Only avatars with this word of the team's review."
    )


class Renaming(Schema):
    """The one thing about an avatar that can change."""

    model_config = _like(examples.RENAMING)

    displayName: StrictStr = Field(description="3 to 50 characters.")


class Deleted(Schema):
    """In Anam's words."""

    message: str


class Detail(Schema):
    """One thing that is wrong. What is wrong with a photo also says how to fix it."""

    path: str = Field(description="The field, such as `displayName`.")
    message: str
    code: str = Field(description="The same thing has the same code.")
    severity: str | None = None
    title: str | None = Field(None, description="The same in short.")
    measured: str | None = Field(None, description="What the photo has.")
    wanted: str | None = Field(None, description="What it should have.")
    how_to_fix: str | None = None
    help: str | None = Field(None, description="The page, for people, about this rule.")


class Finding(Schema):
    """One thing to know about a photo."""

    code: str = Field(description="That of the rule. The same thing has the same code.")
    severity: Literal["error", "advice", "fixed"] = Field(
        description="An error refuses the photo. What is fixed, Greenroom puts in order itself."
    )
    title: str
    measured: str = Field(description="What the photo has.")
    wanted: str = Field(description="What it should have.")
    how_to_fix: str
    help: str = Field(description="The page, for people, about this rule.")


class CheckLine(Schema):
    """One line of the list of checks, as people see it beside their photo."""

    key: str = Field(description="What was looked at.")
    title: str
    state: Literal["good", "fixed", "advice", "error", "unknown"] = Field(
        description="Unknown is what could not be looked at, for what is wrong before."
    )
    measured: str
    wanted: str = Field(description="Empty where nothing was found; so are the next two.")
    how_to_fix: str
    code: str = Field(description="Of the rule that was broken.")


class PhotoCheck(Schema):
    """What the checks say of a photo."""

    model_config = _like(examples.PHOTO_CHECK)

    ok: bool = Field(description="Whether a create would take it.")
    findings: list[Finding] = Field(description="Errors first, then advice, then what is fixed.")
    checks: list[CheckLine] = Field(description="Everything that was looked at, in order.")


class Creation(Schema):
    """One wish for an avatar. `avatarId` is null until Anam has made it."""

    id: UUID = Field(description="Greenroom's own.")
    state: Stage = Field(description="Where it stands.")
    approval: Word = Field(description="The team's word.")
    message: str = Field(description="The same in a sentence.")
    avatarId: str | None = Field(description="Anam's id.")
    displayName: str
    createdAt: datetime
    url: str = Field(description="Ask here what became of it.")
    page: str = Field(description="Its page for people.")
    advice: list[dict[str, Any]] = Field(
        description="What was found about the photo: how it could be better (`severity` is "
        "`advice`), and what Greenroom has put in order (`fixed`)."
    )


class Problem(Schema):
    """An error in the shape that Anam's clients read."""

    model_config = _like(examples.PROBLEM)

    error: str = Field(description="In short.")
    message: str = Field(description="What happened and what to do, in a sentence or two.")
    details: list[Detail] | None = Field(None, description="Everything that is wrong, at once.")
    right: str | None = Field(None, description="The right that the token lacks.")
    help: str | None = Field(None, description="The page, for people, with what to try.")
    creation: Creation | None = Field(None, description="What goes on by itself all the same.")


class Review(Schema):
    """The team's word on an avatar. `version` counts the decisions."""

    approval: Word
    reason: Why | None = Field(description="The kind of reason for a no.")
    note: str = Field(description="Why, in the reviewer's words.")
    version: int = Field(description="To be named by the next decision.")


class Verdict(Schema):
    """A decision on what was looked at."""

    model_config = _like(examples.VERDICT)

    decision: Decision
    reason: Why | None = Field(None, description="The kind of reason for a no.")
    note: StrictStr = Field(
        "", max_length=2000, pattern=r"^[^\x00]*$", description="Why. Needed unless it is approved."
    )
    version: StrictInt = Field(
        ge=0, le=2_147_483_647, description="Of the review that was looked at."
    )


class Feed(Schema):
    """The avatar in use behind a stable name. Remember it by its ETag."""

    slug: str = Field(description="The stable name.")
    avatarId: str = Field(description="Anam's id of the avatar to use.")
    avatarModel: str | None = Field(description="The model to use it with.")
    displayName: str
    version: int = Field(description="Counts the swaps.")
    changedAt: datetime = Field(description="When it was swapped last.")


class PersonaConfig(Schema):
    """Anam's persona. Fields that are not listed here are passed on."""

    model_config = ConfigDict(extra="allow")

    avatarId: StrictStr = Field(
        description="An approved avatar of this team.", json_schema_extra={"format": "uuid"}
    )
    maxSessionLengthSeconds: StrictInt | None = Field(
        None, ge=1, le=86_400, description="Cut to what this server allows."
    )


class SessionWanted(Schema):
    """A conversation to be."""

    model_config = _like(examples.CONVERSATION, extra="allow")

    personaConfig: PersonaConfig
    clientLabel: str | None = Field(None, description="Passed on to Anam.")


class SessionToken(Schema):
    """Opens one conversation, also from a browser."""

    model_config = ConfigDict(extra="allow")

    sessionToken: str = Field(description="Good for an hour.")


class EngineSession(Schema):
    """What Anam's SDKs need to open the conversation; passed on whole."""

    model_config = ConfigDict(extra="allow")
