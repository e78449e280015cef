"""Avatars from before wait for a reviewer since they were made."""

from django.db import migrations
from django.db.models import F
from django.db.models.functions import Coalesce


def fill_in(apps, schema_editor):
    avatars = apps.get_model("avatars", "Avatar")._default_manager
    rows = avatars.using(schema_editor.connection.alias)
    rows.update(asked_at=Coalesce("ready_at", F("created_at")))


class Migration(migrations.Migration):
    dependencies = [("avatars", "0004_review_consent_record")]
    operations = [migrations.RunPython(fill_in, migrations.RunPython.noop)]
