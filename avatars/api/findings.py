"""What was found about a photo, as programs are told it."""

from django.http import HttpRequest

from avatars.help_pages import photo_page
from avatars.origin import absolute
from avatars.photos.finding import Finding


def told(request: HttpRequest, finding: Finding) -> dict[str, str]:
    """Its six fields, and `help`: the address of the page about its rule."""
    return {**finding.as_dict(), "help": absolute(request, photo_page(finding.code))}
