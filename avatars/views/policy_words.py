"""The policy in words: what each rule means, what was changed, and what happens to a photo."""

from dataclasses import dataclass
from typing import Any

from avatars.models import RULES, Creators, Event, Policy, ReviewTime

TITLES = {
    "review": "When avatars are reviewed",
    "four_eyes": "Four eyes",
    "consent": "Consent is required",
    "creators": "Who makes avatars",
    "private": "Private until approved",
    "month_limit": "Avatars a person may make in a month",
    "month_warning": "People are warned from",
}
REVIEWS = {
    ReviewTime.BEFORE: "Nothing is sent to Anam, and nothing spent, before a reviewer has said "
    "yes. Once it is made, nobody has to look again.",
    ReviewTime.AFTER: "Photos go to Anam at once. An avatar is used only after a reviewer has said "
    "yes.",
    ReviewTime.BOTH: "Nothing is sent to Anam before a reviewer has said yes to the photo, and "
    "nothing used before one has said yes to the avatar.",
    ReviewTime.NEVER: "Photos go to Anam at once, and every avatar counts as approved. Its history "
    "says that nobody had to look.",
}
FOUR_EYES = {
    True: "Nobody decides about an avatar of their own, administrators included.",
    False: "Whoever reviews may decide about their own avatars too.",
}
CONSENT = {
    True: "Nothing is sent to Anam, approved or used before the person shown has agreed.",
    False: "Nothing waits for consent. It can be put on record all the same, and a no counts.",
}
PRIVATE = {
    True: "Until it is approved, only its owner, reviewers and administrators see an avatar.",
    False: "Everybody who may sign in here sees every avatar.",
}
# What happens to a photo that is sent now: without consent being asked for, and with it.
_NEXT = {
    ReviewTime.BEFORE: (
        "A reviewer looks at it first; nothing is sent to Anam before.",
        "A reviewer looks at it as well.",
    ),
    ReviewTime.AFTER: (
        "It goes to Anam at once. A reviewer looks at the avatar before it is used.",
        "A reviewer looks at the avatar before it is used.",
    ),
    ReviewTime.BOTH: (
        "A reviewer looks at it first; nothing is sent to Anam before. Once the avatar is made, "
        "they look again.",
        "A reviewer looks at it as well, and once more when the avatar is made.",
    ),
    ReviewTime.NEVER: (
        "It goes to Anam at once, and counts as approved.",
        "Then it counts as approved.",
    ),
}
_AGREE = "The person shown must agree first; nothing is sent to Anam before."


@dataclass(frozen=True)
class Changed:
    """One rule that was changed."""

    title: str
    before: str
    after: str


def what_happens(policy: Policy) -> str:
    """To a photo that is sent now, in a sentence or two."""
    at_once, after_consent = _NEXT[ReviewTime(policy.review)]
    return f"{_AGREE} {after_consent}" if policy.consent else at_once


def in_words(rule: str, value: Any) -> str:
    """What a rule says, in a word or two."""
    if rule == "review":
        return str(ReviewTime(value).label)
    if rule == "creators":
        return str(Creators(value).label)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    usual = "four fifths of the limit" if rule == "month_warning" else "no limit"
    return usual if value is None else str(value)


def consequence(rule: str, value: Any) -> str:
    """What a rule comes to; "" where its own words say it."""
    match rule:
        case "review":
            return REVIEWS[ReviewTime(value)]
        case "four_eyes":
            return FOUR_EYES[value]
        case "consent":
            return CONSENT[value]
        case "private":
            return PRIVATE[value]
    return ""


def changes_of(event: Event) -> list[Changed]:
    """What one event says of the policy. Rules that are none any more are passed over."""
    before, after = event.detail.get("before", {}), event.detail.get("after", {})
    known = [rule for rule in RULES if rule in after]
    return [
        Changed(TITLES[rule], in_words(rule, before.get(rule)), in_words(rule, after[rule]))
        for rule in known
    ]
