"""The photo that an avatar is made from, as it was prepared."""

from typing import Any

from django.db import models


class Portrait(models.Model):
    """`photo_likeness` tells photos that look alike: see `photos.likeness`. `whole_likeness` is
    that of the picture that it was cut out of at the desk, "" where there was none.

    `advice` is all that was found about the photo: `tips` and `fixes` are its two parts.
    """

    photo = models.FileField(upload_to="photos/", blank=True)
    photo_sha256 = models.CharField(max_length=64, blank=True)
    photo_likeness = models.CharField(
        max_length=16, blank=True, help_text="What it looks like from afar, in 64 bits."
    )
    whole_likeness = models.CharField(max_length=16, blank=True)
    photo_type = models.CharField(max_length=20, blank=True)
    photo_width = models.PositiveIntegerField(default=0)
    photo_height = models.PositiveIntegerField(default=0)
    photo_bytes = models.PositiveIntegerField(default=0)
    advice = models.JSONField(default=list, blank=True)

    class Meta:
        abstract = True

    @property
    def tips(self) -> list[dict[str, Any]]:
        """Of what was found about the photo, what somebody could do better."""
        return [finding for finding in self.advice if finding.get("severity") != "fixed"]

    @property
    def fixes(self) -> list[dict[str, Any]]:
        """Of what was found about the photo, what Greenroom put in order."""
        return [finding for finding in self.advice if finding.get("severity") == "fixed"]

    @property
    def has_photo(self) -> bool:
        return bool(self.photo)

    @property
    def photo_kind(self) -> str:
        """`JPEG`, `PNG`, `WEBP` or ""."""
        return self.photo_type.removeprefix("image/").upper()
