from django.apps import AppConfig
from django.db.models.signals import post_migrate

from .first_words import begin


class AvatarsConfig(AppConfig):
    name = "avatars"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(begin, sender=self, dispatch_uid="avatars.first_words")
        from . import checks  # noqa: F401, PLC0415  checks register themselves once apps are loaded
