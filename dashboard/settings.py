"""Every setting of Greenroom, from the environment, read top to bottom.

`docs/settings.md` is the table for people, and a test keeps the two together. Secrets may also come
from a file: `ANAM_API_KEY_FILE=/run/secrets/anam` reads the file in place of `ANAM_API_KEY`.
"""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.utils.csp import CSP

from .mailer import mailer
from .policy import pinned
from .secret_key import secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()
environ.Env.read_env(BASE_DIR / ".env")

# Where things are ------------------------------------------------------------------------------
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "data"))).resolve()
HOST = env.str("HOST", default="127.0.0.1")
PORT = env.int("PORT", default=8000)
PUBLIC_URL = env.str("PUBLIC_URL", default="").rstrip("/")
OVER_TLS = PUBLIC_URL.startswith("https://")

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or secret_key(DATA_DIR)
LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[*LOOPBACK_NAMES, *filter(None, [urlsplit(PUBLIC_URL).hostname])]
)

# Anam ------------------------------------------------------------------------------------------
ANAM_API_KEY = env.str("ANAM_API_KEY", default="").strip()
ANAM_API_URL = env.str("ANAM_API_URL", default="https://api.anam.ai").rstrip("/")
# The vendor serves stills itself and keeps videos on Cloudflare R2.
ANAM_MEDIA_HOSTS = env.list("ANAM_MEDIA_HOSTS", default=["*.anam.ai", "*.r2.cloudflarestorage.com"])
# What pages may show from elsewhere: https alone, unless an entry is an origin that says http://.
# Whoever is trusted with the key is trusted with pictures too.
MEDIA_ORIGINS = [entry if "://" in entry else f"https://{entry}" for entry in ANAM_MEDIA_HOSTS]
if ANAM_API_KEY:
    MEDIA_ORIGINS.append("{0.scheme}://{0.netloc}".format(urlsplit(ANAM_API_URL)))
ANAM_MODELS = env.list("ANAM_MODELS", default=["cara-4", "cara-3"])
CREATE_SLOTS = env.int("CREATE_SLOTS", default=4)
CREATE_SECONDS = env.int("CREATE_SECONDS", default=300)
ANAM_TRANSPORT = None  # tests put an httpx transport here; nothing else does
SETTLING_SECONDS = env.int("SETTLING_SECONDS", default=120)
SWEEP_SECONDS = env.int("SWEEP_SECONDS", default=60)
STOCKTAKE_SECONDS = env.int("STOCKTAKE_SECONDS", default=21_600)
UNDO_SECONDS = env.int("UNDO_SECONDS", default=600)

REHEARSAL = not ANAM_API_KEY
SANDBOX_DELAY = env.float("SANDBOX_DELAY", default=1.5)
SANDBOX_PREVIEW_AFTER = env.float("SANDBOX_PREVIEW_AFTER", default=4.0)
SANDBOX_LINK_LIFE = env.int("SANDBOX_LINK_LIFE", default=3600)
SANDBOX_QUOTA = env.int("SANDBOX_QUOTA", default=0)
SANDBOX_FAULTS = env.str("SANDBOX_FAULTS", default="")

# Uploads ---------------------------------------------------------------------------------------
UPLOAD_BODY_MAX = 32_000_000  # bytes of one request, several photos together
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# Fetching --------------------------------------------------------------------------------------
FETCH_HTTP = env.bool("FETCH_HTTP", default=False)
# What tests put in place of the internet; nothing else does. They stand behind all the checks.
FETCH_RESOLVER = None  # (name, port) -> addresses, instead of the system's resolver
FETCH_CONNECT = None  # (checked address, port) -> (host, port) at which it is found
FETCH_TRUST = None  # the ssl context that says whose certificates count

# The policy ------------------------------------------------------------------------------------
# What is set here counts more than what administrators say on the page about the policy.
POLICY = pinned(env)
ORGANISATION = env.str("ORGANISATION", default="")

# The gateway -----------------------------------------------------------------------------------
TOKEN_DAYS = env.int("TOKEN_DAYS", default=90)
TOKEN_RATE = env.int("TOKEN_RATE", default=300)
API_WAITERS = env.int("API_WAITERS", default=64)
API_SECONDS = env.int("API_SECONDS", default=290)
WEBHOOK_PRIVATE = env.bool("WEBHOOK_PRIVATE", default=False)
WEBHOOK_SLOTS = 2  # threads that tell webhooks: while one waits for a slow receiver, one is free
SESSION_SECONDS = env.int("SESSION_SECONDS", default=1800)
TALK_SECONDS = env.int("TALK_SECONDS", default=60)
TALKS_PER_DAY = env.int("TALKS_PER_DAY", default=10)
# The voice and the language model of the examples in Anam's own documentation.
ANAM_TALK_VOICE = env.str("ANAM_TALK_VOICE", default="6bfbe25a-979d-40f3-a92b-5394170af54b")
ANAM_TALK_LLM = env.str("ANAM_TALK_LLM", default="0934d97d-0c3a-4f33-91b0-5e136a0ef466")
ANAM_TALK_PROMPT = env.str(
    "ANAM_TALK_PROMPT",
    default="You are a friendly avatar whom a team is trying out. Talk naturally about whatever "
    "they bring up, and answer in one or two short sentences.",
)

# Parts -----------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "dashboard.people",
    "dashboard.operations",
    "avatars",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks_db",
    "dashboard.operations.back_office_app.BackOfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]
MIDDLEWARE = [
    "avatars.trace.TraceMiddleware",
    "dashboard.operations.head.HeadMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "dashboard.operations.body_cap.BodyCapMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Every view is closed unless it says otherwise with @login_not_required.
    "dashboard.people.login.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "dashboard.operations.faults.StorageFaultMiddleware",
]
ROOT_URLCONF = "dashboard.urls"
WSGI_APPLICATION = "dashboard.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # fields look alike on every page
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dashboard.operations.surroundings.surroundings",
                "avatars.views.closed_way.closed_way",
                "avatars.views.bell.bell",
                "avatars.views.allowed.allowed",
            ],
        },
    }
]

# Rows and files --------------------------------------------------------------------------------
DATABASES = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'greenroom.sqlite3'}")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE takes the write lock at the start, so that a transaction that reads first never
    # dies with "database is locked" half way; WAL lets readers go on beside one writer.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "avatars.storage.DurableStorage", "OPTIONS": {"location": MEDIA_ROOT}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_URL = "/static/"
# One process needs no collectstatic. The image collects, hashes and compresses at build time.
STATIC_ROOT = env.str("STATIC_ROOT", default="") or None
WHITENOISE_USE_FINDERS = STATIC_ROOT is None
if STATIC_ROOT:
    STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
STATICFILES_DIRS = [BASE_DIR / "static"]

TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": ["default", "creates", "stocktakes", "webhooks"],
    }
}

# What the worker calls again and again, and every how many seconds.
PERIODIC = {
    "avatars.tasks.sweep": SWEEP_SECONDS,
    "avatars.tasks.tidy": 3600,
    "avatars.tasks.take_stock_on_schedule": STOCKTAKE_SECONDS,
    "avatars.tasks.watch_the_key": 900,
    "avatars.tasks.wake_for_deliveries": 2,
    "avatars.tasks.watch_consents": 900,
    "avatars.tasks.send_notices": 60,
    "dashboard.operations.pruning.prune_finished_tasks": 3600,
}

# People ----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
# Where people's comings and goings are written down; see `dashboard.people.record`.
RECORD = "avatars.services.record.write"
# Where they are read again, for the page of somebody in Django's admin.
RECORD_OF_PERSON = "avatars.services.record.of_person"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "gallery"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator"},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]
ACCOUNT_ADAPTER = "dashboard.people.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation is the proof that somebody knows the person
ACCOUNT_CHANGE_EMAIL = True  # one address each; a new one counts once it is confirmed
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # strangers get no mail from us
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_GET = False
MFA_ADAPTER = "dashboard.people.adapter.MFAAdapter"
MFA_FORMS = {"login_webauthn": "dashboard.people.passkeys.PasskeyForm"}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # a pending change of address must not block a second factor
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Passkeys over plain http work in browsers on localhost only, and the library wants to be told.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not OVER_TLS
INVITATION_DAYS = env.int("INVITATION_DAYS", default=7)

# Without it there is no mail, and no page offers any: a reset link printed to a log is a leak.
EMAIL_URL = env.str("EMAIL_URL", default="")
MAILERS = {"default": mailer(env.email_url("EMAIL_URL"))} if EMAIL_URL else {}
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="greenroom@localhost")

# Trust -----------------------------------------------------------------------------------------
CSRF_FAILURE_VIEW = "dashboard.operations.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = OVER_TLS
SECURE_SSL_REDIRECT = OVER_TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked by the machine itself, without TLS
SECURE_HSTS_SECONDS = 31_536_000 if OVER_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = OVER_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if OVER_TLS else None
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if OVER_TLS else 0
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = []
if not MAILERS:
    SILENCED_SYSTEM_CHECKS += ["mail.W001"]
if not OVER_TLS:
    # Without TLS these would lock everybody out. Beyond this machine, avatars.W001 speaks instead.
    SILENCED_SYSTEM_CHECKS += ["security.W004", "security.W008", "security.W012", "security.W016"]
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "blob:", *MEDIA_ORIGINS],  # blob: is the photo just picked, before upload
    "media-src": [CSP.SELF, *MEDIA_ORIGINS],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}

LANGUAGE_CODE = "en-gb"
FORMAT_MODULE_PATH = "dashboard.formats"
TIME_ZONE = env.str("TIME_ZONE", default="UTC")

LINE = "%(asctime)s %(levelname)s %(name)s [%(trace)s]: %(message)s"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": LINE}},
    # Django writes the path of every 4xx, and some of our paths hold a code that opens a door.
    "filters": {
        "hide_codes": {"()": "dashboard.people.codes.HideCodes"},
        "traced": {"()": "avatars.trace.Traced"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["hide_codes", "traced"],
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        # They log whole addresses, and a signed link is a secret while it lives.
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        "django": {"handlers": [], "propagate": True},
        "django_tasks_db": {"level": "WARNING"},
        "django.tasks": {"level": "WARNING"},
    },
}
