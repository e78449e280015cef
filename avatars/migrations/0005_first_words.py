"""What the tables of issue 5 begin with: a policy, a wording, some replies."""

from django.db import migrations
from django.db.models import F
from django.db.models.functions import Coalesce

WORDING = """\
I am the person shown in this photo, and I am at least 18 years old.

I agree that the organisation named on this page makes a talking video avatar from it, with the help \
of its provider Anam (anam.ai), which receives the photo for that. The avatar looks like me and may \
say words that I have never said. It may be used for what is described on this page, and for nothing \
else.

My consent is voluntary. I can take it back at any time, without giving a reason; from then on the \
avatar is no longer used. I can also ask for the photo and the avatar to be erased."""

REPLIES = [
    (
        "changes",
        "quality",
        "Sharper photo",
        "Please send a sharper photo: the face should be in focus, in even light, at least 1152 pixels wide and high.",
    ),
    (
        "changes",
        "framing",
        "Face in the middle",
        "Please send a photo that shows head and shoulders, with the face in the middle and some room above the hair.",
    ),
    (
        "changes",
        "framing",
        "Look at the camera",
        "Please send a photo in which the person looks straight into the camera, with a relaxed face and the mouth closed.",
    ),
    (
        "changes",
        "purpose",
        "What is it for?",
        "Please write what this avatar is for, and where it will be seen.",
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
]


def begin(apps, schema_editor):
    alias = schema_editor.connection.alias

    def get(name):
        return apps.get_model("avatars", name)._default_manager.using(alias)

    get("Policy").create(pk=1)
    get("Wording").create(number=1, text=WORDING)
    for decision, reason, name, text in REPLIES:
        get("Reply").create(decision=decision, reason=reason, name=name, text=text)
    get("Avatar").update(asked_at=Coalesce("ready_at", F("created_at")))


class Migration(migrations.Migration):
    dependencies = [("avatars", "0004_review_consent_record")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
