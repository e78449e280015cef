"""A sign of life of what runs in the background."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone


class Pulse(models.Model):
    """When something that should happen again and again happened last."""

    name = models.CharField(primary_key=True, max_length=40)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%Y-%m-%d %H:%M:%S}"

    @classmethod
    def beat(cls, name: str) -> None:
        cls.objects.update_or_create(name=name, defaults={"at": timezone.now()})

    @classmethod
    def last(cls, name: str) -> datetime | None:
        return cls.objects.filter(name=name).values_list("at", flat=True).first()

    @classmethod
    def worker_runs(cls) -> bool:
        """Whether a worker has swept lately, as each does every `SWEEP_SECONDS`."""
        last = cls.last("sweep")
        late = timedelta(seconds=3 * settings.SWEEP_SECONDS)
        return last is not None and timezone.now() - last <= late
