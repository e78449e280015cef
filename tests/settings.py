"""The dashboard's own settings, with the environment of a test machine.

Nothing here changes what is tested: it only names a throw-away data folder, and a database that
threads and browsers can share. `TEST_DATABASE_URL` runs the same suite on PostgreSQL.
"""

import os
import tempfile

os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="greenroom-tests-")
os.environ["DATABASE_URL"] = (
    # A file: of one in memory, a server in another thread would share this thread's connection.
    os.environ.get("TEST_DATABASE_URL", "") or f"sqlite:///{os.environ['DATA_DIR']}/db.sqlite3"
)
for name in ("ANAM_API_KEY", "ANAM_API_URL", "ANAM_MEDIA_HOSTS", "PUBLIC_URL", "DEBUG"):
    os.environ.pop(name, None)
os.environ["SANDBOX_DELAY"] = "0"
os.environ["SANDBOX_PREVIEW_AFTER"] = "0"

from dashboard.settings import *  # noqa: E402, F403

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": f"{DATA_DIR}/test.sqlite3"}  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # signing in, fast
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
