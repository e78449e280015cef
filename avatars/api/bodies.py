"""What a create brings, and what opens a conversation: bodies that are read by hand.

Source of the fields: Anam's reference of April 2026 and its SDKs.
"""

from typing import Any

from avatars.forms import MODEL_MAX, NAME_MAX, NAME_MIN, PURPOSE_MAX

from .examples import BY_ADDRESS, CONVERSATION

_JSON, _MULTIPART = "application/json", "multipart/form-data"
_FIELDS: dict[str, Any] = {
    "displayName": {
        "type": "string",
        "minLength": NAME_MIN,
        "maxLength": NAME_MAX,
        "description": "What people call it.",
    },
    "avatarModel": {
        "type": "string",
        "maxLength": MODEL_MAX,
        "examples": ["cara-4"],
        "description": "Anam's model. Left out, it is the first that this server offers.",
    },
    "imageUrl": {
        "type": "string",
        "format": "uri",
        "examples": [BY_ADDRESS["imageUrl"]],
        "description": "A photo's public address. Greenroom fetches it, and sends Anam a file.",
    },
    "purpose": {
        "type": "string",
        "maxLength": PURPOSE_MAX,
        "description": "What it is for, in words for reviewers. Greenroom's own; Anam is not told.",
    },
}
_FILE = {
    "type": "string",
    "format": "binary",
    "description": "JPEG, PNG or WebP, and HEIC where the server reads it; at most 10 MB. The part "
    "needs a file name.",
}
_ENCODING = {"imageFile": {"contentType": "image/jpeg, image/png, image/webp, image/heic"}}
_ADDRESS = {"imageUrl": {**_FIELDS["imageUrl"], "description": "A photo's public address."}}
_BY_FILE = {
    "schema": {
        "type": "object",
        "required": ["displayName"],
        "properties": {**_FIELDS, "imageFile": _FILE},
        "oneOf": [{"required": ["imageFile"]}, {"required": ["imageUrl"]}],
    },
    "encoding": _ENCODING,
}
_BY_ADDRESS = {
    "schema": {
        "type": "object",
        "required": ["displayName", "imageUrl"],
        "properties": _FIELDS,
    },
    "examples": {
        "address": {
            "summary": "A photo by its address",
            "value": BY_ADDRESS,
        },
        "model": {
            "summary": "With a model",
            "value": {**BY_ADDRESS, "avatarModel": "cara-4"},
        },
    },
}
TO_CREATE: dict[str, Any] = {
    "parameters": [
        {
            "in": "header",
            "name": "Idempotency-Key",
            "required": False,
            "schema": {"type": "string", "pattern": "^[!-~]{1,100}$"},
            "example": "mia-2026-11-24",
            "description": "The same key and the same content make one avatar, for 24 hours.",
        },
        {
            "in": "header",
            "name": "Prefer",
            "required": False,
            "schema": {"type": "string"},
            "examples": {
                "at once": {"value": "respond-async"},
                "after ten seconds": {"value": "respond-async, wait=10"},
            },
            "description": "`respond-async` answers 202 at once, or after `wait` seconds.",
        },
    ],
    "requestBody": {
        "required": True,
        "description": "Exactly one photo: `imageFile` or `imageUrl`.",
        "content": {_MULTIPART: _BY_FILE, _JSON: _BY_ADDRESS},
    },
}
TO_CHECK: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "Exactly one photo: `imageFile` or `imageUrl`. Whatever else a create "
        "brings is passed over.",
        "content": {
            _MULTIPART: {
                "schema": {
                    "type": "object",
                    "properties": {**_ADDRESS, "imageFile": _FILE},
                    "oneOf": [{"required": ["imageFile"]}, {"required": ["imageUrl"]}],
                },
                "encoding": _ENCODING,
            },
            _JSON: {
                "schema": {"type": "object", "required": ["imageUrl"], "properties": _ADDRESS},
                "examples": {
                    "address": {
                        "summary": "A photo by its address",
                        "value": {"imageUrl": BY_ADDRESS["imageUrl"]},
                    }
                },
            },
        },
    },
}
TO_TALK: dict[str, Any] = {
    "requestBody": {
        "required": False,
        "description": "What Anam's SDKs send about themselves is passed on. `personaConfig` is "
        "needed with a token of Greenroom's; a session token has one already.",
        "content": {
            _JSON: {
                "schema": {
                    "type": "object",
                    "properties": {"personaConfig": {"$ref": "#/components/schemas/PersonaConfig"}},
                },
                "examples": {
                    "session token": {"summary": "With a session token", "value": {}},
                    "token": {"summary": "With a token of Greenroom's", "value": CONVERSATION},
                },
            }
        },
    },
}
