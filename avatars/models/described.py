"""What Anam says of an avatar."""

from django.db import models

from avatars.names import tidy_text
from avatars.upstream.wire import lines_from, public_version


class Described(models.Model):
    """`upstream` is the truth; the links beside it are what is asked for most."""

    upstream = models.JSONField(default=dict, blank=True, help_text="Anam's last answer, whole.")
    image_url = models.TextField(blank=True)
    video_url = models.TextField(blank=True)
    refreshed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def versions(self) -> list[str]:
        """Public names, as in `cara-4`; Anam also uses internal ones."""
        return list(map(public_version, lines_from(self.upstream.get("availableVersions"))))

    @property
    def active_version(self) -> str:
        found = self.upstream.get("activeVersion")
        return public_version(found) if isinstance(found, str) else ""

    @property
    def description(self) -> str:
        found = self.upstream.get("description")
        return tidy_text(found[:1000]) if isinstance(found, str) else ""

    @property
    def tags(self) -> list[str]:
        return lines_from(self.upstream.get("displayTags"))
