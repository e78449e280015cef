"""Pages and JSON from one address."""

from django.http import HttpRequest


def wants_json(request: HttpRequest) -> bool:
    """Whether the caller prefers JSON; browsers that navigate ask for HTML first."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"
