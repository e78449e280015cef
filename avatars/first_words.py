"""What an empty installation begins with: a policy, a wording for consent, some replies.

Made after every migrate where there is none yet. What a team changes or retires later stays.
"""

from typing import Any

from django.apps import apps as installed

WORDING = "\n\n".join(
    (
        "I am the person shown in this photo, and I am at least 18 years old.",
        "I agree that the organisation named on this page makes a talking video avatar from it, "
        "with the help of its provider Anam (anam.ai), which receives the photo for that. The "
        "avatar looks like me and may say words that I have never said. It may be used for what "
        "is described on this page, and for nothing else.",
        "My consent is voluntary. I can take it back at any time, without giving a reason; from "
        "then on the avatar is no longer used. I can also ask for the photo and the avatar to be "
        "erased.",
    )
)

# Decision, reason, name, text.
REPLIES = (
    (
        "changes",
        "quality",
        "Sharper photo",
        "Please send a sharper photo: the face in focus, in even light, and at least 1152 pixels "
        "wide and high.",
    ),
    (
        "changes",
        "framing",
        "Face in the middle",
        "Please send a photo of head and shoulders, with the face in the middle and some room "
        "above the hair.",
    ),
    (
        "changes",
        "framing",
        "Look at the camera",
        "Please send a photo in which the person looks straight into the camera, with a relaxed "
        "face and the mouth closed.",
    ),
    (
        "changes",
        "purpose",
        "What is it for?",
        "Please write what this avatar is for and where it will be seen.",
    ),
    (
        "changes",
        "consent",
        "Consent is missing",
        "Please ask the person shown for their consent, then hand it in again.",
    ),
    (
        "rejected",
        "duplicate",
        "We have this one",
        "We have an avatar of this person already. Please use that one.",
    ),
    (
        "rejected",
        "unfit",
        "Not for us",
        "This face does not suit what the organisation uses avatars for.",
    ),
)


def begin(using: str, apps: Any = None, **_: Any) -> None:
    """After a migrate. `apps` is the state that it reached, which may be older than the code."""
    state = apps or installed
    try:
        policy, wording, reply = (
            state.get_model("avatars", name)._default_manager.using(using)
            for name in ("Policy", "Wording", "Reply")
        )
    except LookupError:
        return
    policy.get_or_create(pk=1)
    if not wording.exists():
        wording.create(number=1, text=WORDING)
    if not reply.exists():
        for decision, reason, name, text in REPLIES:
            reply.create(decision=decision, reason=reason, name=name, text=text)
