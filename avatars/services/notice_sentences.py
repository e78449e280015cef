"""One sentence for each kind of notice, and one or two about what its reader can do."""

from dataclasses import dataclass

from avatars.models import Kind


@dataclass(frozen=True)
class Form:
    """`{name}` is the avatar or whatever it is about, `{who}` who did it, `{by}` " by" and who."""

    title: str
    next: str = ""
    place: str = "avatar"


_SAFETY = "If that surprises you, tell an administrator at once."
_DECIDE = (
    "It is out of use from this moment on. On its page, whoever made it and administrators can "
    "erase it."
)

FORMS: dict[Kind, Form] = {
    Kind.UPLOADED: Form(
        "{who} sent a photo by your photo call: {name}",
        "Nothing is sent to Anam before a reviewer says yes.",
    ),
    Kind.CREATED: Form("{name} is ready", "Have a look at the preview."),
    Kind.ADOPTED: Form("{name} is ready", "Have a look at the preview."),
    Kind.SEVERAL: Form(
        "Somebody has to say which avatar at Anam is {name}",
        "Anam's answer was lost, and several could be it. Choose on its page: until then, nothing "
        "is sent again.",
    ),
    Kind.REFUSED: Form("Anam said no to {name}", "Try another photo."),
    Kind.STOPPED: Form(
        "Greenroom stopped trying to make {name}",
        "Anam's answers were lost again and again. The photo is safe: try again on its page.",
    ),
    Kind.GONE: Form(
        "{name} is gone at Anam",
        "Somebody removed it there. The photo is safe here; an administrator can have it made "
        "again.",
    ),
    Kind.BACK: Form("{name} is at Anam again", "You need not do anything."),
    Kind.RENAMED: Form("{who} renamed an avatar of yours to {name}"),
    Kind.RENAME_REFUSED: Form(
        "Anam does not take the new name of {name}",
        "It has the name back that Anam knows. Choose another one on its page.",
    ),
    Kind.REMOVED: Form(
        "{who} removed {name}", "Its page says whether it can still be brought back."
    ),
    Kind.RESTORED: Form("{who} brought {name} back"),
    Kind.ERASURE: Form(
        "{who} erased an avatar of yours",
        "The photo and everything that shows the face are deleted here, and at Anam.",
    ),
    Kind.APPROVED: Form("{name} was approved{by}", "It may be used now."),
    Kind.CHANGES: Form(
        "{who} asks for changes to {name}",
        "Change it, or write why not, and ask for another review on its page.",
    ),
    Kind.REJECTED: Form(
        "{name} was rejected{by}",
        "It may not be used. Ask whoever decided if you see it otherwise.",
    ),
    Kind.RESUBMITTED: Form("{who} asks you to look at {name} again", "It is in your queue."),
    Kind.CONSENT_GIVEN: Form(
        "{who} agreed to be shown as {name}", "Whatever waited for that goes on by itself."
    ),
    Kind.CONSENT_FILED: Form(
        "{who} put consent for {name} on record", "Whatever waited for that goes on by itself."
    ),
    Kind.CONSENT_DENIED: Form("{who} said no to being shown as {name}", _DECIDE),
    Kind.CONSENT_WITHDRAWN: Form("Consent for {name} was withdrawn{by}", _DECIDE),
    Kind.ERASURE_WISHED: Form(
        "{who} asks you to erase {name}", "You can do so on its page. It is out of use already."
    ),
    Kind.CONSENT_ENDING: Form(
        "Consent for {name} ends soon",
        "Ask for it anew before that day. Afterwards the avatar is out of use.",
    ),
    Kind.CONSENT_EXPIRED: Form(
        "Consent for {name} has ended",
        "It is out of use. On its page you can ask for consent anew, or erase it.",
    ),
    Kind.CALL_CLOSED: Form("{who} closed your photo call {name}", "Its link takes no photos."),
    Kind.TOKEN_MADE: Form(
        "{who} made the token {name}, which acts for you",
        f"You can revoke it on the page of your tokens. {_SAFETY}",
        "tokens",
    ),
    Kind.TOKEN_REVOKED: Form(
        "Your token {name} was revoked{by}",
        "Programs that use it get no answers any more. If you need them, make a new one.",
        "tokens",
    ),
    Kind.ROLE_CHANGED: Form("Your role was changed{by}", "", "account"),
    Kind.REACTIVATED: Form("You can sign in again", "", "account"),
    Kind.PASSWORD_CHANGED: Form("Your password was changed{by}", _SAFETY, "account"),
    Kind.EMAIL_CHANGED: Form("Your e-mail address was changed{by}", _SAFETY, "account"),
    Kind.NAME_CHANGED: Form("Your name was changed{by}", "", "account"),
    Kind.FACTOR_ADDED: Form(
        "You were given a second factor for signing in{by}", _SAFETY, "account"
    ),
    Kind.FACTOR_REMOVED: Form(
        "A second factor of yours was removed{by}",
        f"Set up another one under “Your account”. {_SAFETY}",
        "account",
    ),
}
# For whatever else somebody is told of by name.
OTHER = Form("{who} {did}")
