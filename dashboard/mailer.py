"""From `EMAIL_URL` to what Django 6.1 calls a mailer."""

from typing import Any

_OPTIONS = {
    "EMAIL_HOST": "host",
    "EMAIL_PORT": "port",
    "EMAIL_HOST_USER": "username",
    "EMAIL_HOST_PASSWORD": "password",
    "EMAIL_USE_TLS": "use_tls",
    "EMAIL_USE_SSL": "use_ssl",
}
_SMTP = "django.core.mail.backends.smtp.EmailBackend"
_SECONDS = 20  # of silence; without an end, a server that says nothing would keep a thread for ever


def mailer(parsed: dict[str, Any]) -> dict[str, Any]:
    """django-environ still speaks the older EMAIL_* settings; this is the same as one entry."""
    options = {option: parsed[name] for name, option in _OPTIONS.items() if parsed.get(name)}
    if parsed["EMAIL_BACKEND"] == _SMTP:
        options["timeout"] = _SECONDS
    return {"BACKEND": parsed["EMAIL_BACKEND"], "OPTIONS": options}
