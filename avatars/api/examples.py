"""What goes in and out, for the OpenAPI document and whoever tries a call in the reference."""

from typing import Any

_ID = "8f14e45f-ceea-467f-a0d2-6b1f3a9c5e21"
_TOO_SMALL = (
    "The photo is too small. Use the original from the phone or camera. Previews and copies from "
    "chats are smaller, and enlarging them brings no detail back."
)
_FINDING = {
    "code": "too-few-pixels",
    "severity": "error",
    "title": _TOO_SMALL.partition(". ")[0],
    "measured": "200 x 200 pixels",
    "wanted": "at least 256 pixels on the shorter side, better 1152 x 1152",
    "how_to_fix": _TOO_SMALL.partition(". ")[2],
    "help": "https://greenroom.example.com/help/photos/too-few-pixels",
}
AVATAR: dict[str, Any] = {
    "id": _ID,
    "displayName": "Mia Vale",
    "variantName": "default",
    "imageUrl": "https://files.anam.ai/mia/image.jpg",
    "videoUrl": None,
    "createdAt": "2026-11-24T09:30:00.000Z",
    "updatedAt": "2026-11-24T09:31:12.000Z",
    "createdByOrganizationId": "organization",
    "availableVersions": ["cara-4"],
    "activeVersion": "cara-4",
}
PROBLEM: dict[str, Any] = {
    "error": "Validation error",
    "message": f"imageFile: {_TOO_SMALL}",
    "details": [
        {
            "path": "imageFile",
            "message": _TOO_SMALL,
            **_FINDING,
        }
    ],
}
PHOTO_CHECK: dict[str, Any] = {
    "ok": False,
    "findings": [_FINDING],
    "checks": [
        {
            "key": "kind",
            "title": "Kind of file",
            "state": "good",
            "measured": "JPEG",
            "wanted": "",
            "how_to_fix": "",
            "code": "",
        },
        {
            "key": "pixels",
            "title": _FINDING["title"],
            "state": _FINDING["severity"],
            **{name: _FINDING[name] for name in ("measured", "wanted", "how_to_fix", "code")},
        },
    ],
}
BY_ADDRESS: dict[str, Any] = {"displayName": "Mia Vale", "imageUrl": "https://example.com/mia.jpg"}
RENAMING: dict[str, Any] = {"displayName": "Mia Vale"}
VERDICT: dict[str, Any] = {"decision": "approved", "version": 0}
CONVERSATION: dict[str, Any] = {
    "personaConfig": {"avatarId": _ID, "systemPrompt": "You are friendly."}
}
