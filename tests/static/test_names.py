"""Static files under the hashed names of the container image, where a missing one is a 500."""

import re
from pathlib import Path

from django.conf import settings as project
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from pytest_django import Settings

TEMPLATES = sorted((project.BASE_DIR / "templates").rglob("*.html"))


def test_every_file_that_a_template_names_has_a_hashed_name(
    tmp_path: Path, settings: Settings
) -> None:
    backend = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = {**project.STORAGES, "staticfiles": {"BACKEND": backend}}
    call_command("collectstatic", interactive=False, verbosity=0)
    named = re.compile(r"{% static ['\"]([^'\"]+)['\"] %}")
    names = {name for page in TEMPLATES for name in named.findall(page.read_text())}
    assert len(names) > 10
    for name in names:
        address = staticfiles_storage.url(name)
        assert address != f"/static/{name}"
        assert (tmp_path / address.removeprefix("/static/")).exists()
