"""Settings of the portal: one file, every choice from the environment (see .env.example)."""

import datetime
import os
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import local

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
# Files that are named must be there; of several, what stands in an earlier one goes before.
env_files = [Path(name) for name in env("ENV_FILE", default="").split(":") if name]
for file in env_files or [BASE_DIR / ".env"]:
    if env_files and not os.access(file, os.R_OK):
        raise ImproperlyConfigured(f"ENV_FILE names {file}, which cannot be read")
    env.read_env(file)

# --- What must be given: without these the portal refuses to start --------------------------------

SECRET_KEY = env("SECRET_KEY")
PRIVACY_KEYS = env("PRIVACY_KEYS")
SUPPRESSION_KEYS = env("SUPPRESSION_KEYS")
FEED_KEYS = env("FEED_KEYS")
ALLOWED_HOSTS = [host.strip() for host in env.list("ALLOWED_HOSTS")]
for name in ("SECRET_KEY", "PRIVACY_KEYS", "SUPPRESSION_KEYS", "FEED_KEYS", "ALLOWED_HOSTS"):
    if not globals()[name]:
        raise ImproperlyConfigured(f"{name} is empty: .env.example says what belongs there")

# --- Who the controller is ------------------------------------------------------------------------

CONTROLLER = {
    "name": env("CONTROLLER_NAME", default="Hartwell Home Shopping Ltd"),
    "address": env("CONTROLLER_ADDRESS", default="Customer Care, 1 Mill Lane, Bradford BD1 1AA"),
    "telephone": env("CONTROLLER_TELEPHONE", default="0330 000 0000"),
    "email": env("CONTROLLER_EMAIL", default="privacy@hartwell.example"),
    "data_protection_lead": env("CONTROLLER_DPL", default="The Data Protection Lead"),
}
REGULATOR = {
    "name": env("REGULATOR_NAME", default="Information Commissioner's Office"),
    "address": env(
        "REGULATOR_ADDRESS", default="Wycliffe House, Water Lane, Wilmslow, Cheshire SK9 5AF"
    ),
    "telephone": env("REGULATOR_TELEPHONE", default="0303 123 1113"),
    "website": env("REGULATOR_WEBSITE", default="https://ico.org.uk/make-a-complaint/"),
}
# What is different about it from a later day on: [{"valid_from": "2027-04-01", "name": "Information
# Commission"}]
REGULATOR_CHANGES: list[dict[str, str]] = env.json("REGULATOR_CHANGES", default=[])
try:
    for change in REGULATOR_CHANGES:
        datetime.date.fromisoformat(change["valid_from"])
        if unknown := set(change) - {"valid_from", *REGULATOR}:
            raise KeyError(*unknown)
except (AttributeError, KeyError, TypeError, ValueError) as fault:
    raise ImproperlyConfigured(
        "REGULATOR_CHANGES is a list of changes, each with valid_from (YYYY-MM-DD) and with name, "
        "address, telephone or website"
    ) from fault
# Whose bank holidays move a last day: those of the place where requests are handled (Regulation
# 1182/71 Article 2).
CONTROLLER_JURISDICTION = env("CONTROLLER_JURISDICTION", default="england-and-wales")
# Month and day on which the controller's financial year ends: tax records are counted from it.
FINANCIAL_YEAR_END = env("FINANCIAL_YEAR_END", default="01-31")

# --- Applications ---------------------------------------------------------------------------------

INSTALLED_APPS = [
    "compliance.portal",
    "compliance.casework",
    "compliance.cases",
    "compliance.access",
    "compliance.cookies",
    "compliance.preferences",
    "compliance.mailbox",
    "compliance.breaches",
    "compliance.disclosures",
    "compliance.retention",
    "compliance.deadlines",
    "compliance.register",
    "customers",
    "customers.draws",
    "customers.outbox",
    "customers.identity",
    "customers.importing",
    "accounts",
    "audit",
    "jobs",
    "privacy",
    "django_tasks_db",  # the queue of jobs
    "config.apps.DeskConfig",  # Django's admin under the portal's own site
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "pgtrigger",
    "pghistory",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.odd_requests.OddRequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "jobs.time_budget.TimeBudgetMiddleware",
    "jobs.races.TryAgainMiddleware",  # the last: it calls the view
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "config.context.controller",
            ],
        },
    },
]

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Database: PostgreSQL only --------------------------------------------------------------------

EMBEDDED_DATABASE = not env("DATABASE_URL", default="")
DATABASES = {
    "default": env.db_url_config(
        local.start(env("EMBEDDED_CLUSTER", default="main"))
        if EMBEDDED_DATABASE
        else env("DATABASE_URL")
    )
}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Seconds after which no further statement of a page begins; of one statement, see deploy/roles.sql.
REQUEST_SECONDS = env.int("REQUEST_SECONDS", default=30)
DATABASES["default"]["TEST"] = {"NAME": env("TEST_DATABASE", default="test_portal")}

# --- Staff sign-in --------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.StaffUser"
AUTHENTICATION_BACKENDS = ["accounts.backends.RoleBackend"]
LOGIN_URL = "admin:login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]

# --- Jobs and outgoing messages -------------------------------------------------------------------

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
globals().update(env.email_url_config(env("EMAIL_URL", default="consolemail:")))
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=30)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = CONTROLLER["email"]
# The mailbox that people write to: imaps://USER:PASSWORD@HOST/FOLDER?done=FOLDER; unused with a
# pipe or a mail folder.
MAILBOX_URL = env("MAILBOX_URL", default="")
MAIL_LARGEST = env.int(
    "MAIL_LARGEST", default=30_000_000
)  # bytes; of a larger email only headers and texts are kept
# Where reminders of deadlines go: the care team's mailbox and the data protection lead's (unset:
# the team's). Not the one that people write to. Without the first nobody is reminded by email, and
# the desk says so.
REMINDERS_TO = env("REMINDERS_TO", default="")
REMINDERS_LEAD_TO = env("REMINDERS_LEAD_TO", default="")
SMS_BACKEND = env(
    "SMS_BACKEND", default=""
)  # the dotted path of a function; empty: no text messages

# --- Transport and headers: closed by default -----------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
HTTPS = env.bool("HTTPS", default=True)  # False only on a loopback address, as `make run` does
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
# Each adds the address that it was reached from to X-Forwarded-For; the first one ends TLS.
PROXIES = env.int("PROXIES", default=0)
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Where customers reach the portal, for links in messages.
PORT = env("PORT", default="8000")
PUBLIC_URL = env("PUBLIC_URL", default="").rstrip("/") or (
    f"https://{ALLOWED_HOSTS[0].lstrip('.')}" if HTTPS else f"http://127.0.0.1:{PORT}"
)
SECURE_REFERRER_POLICY = "same-origin"
CSRF_TRUSTED_ORIGINS = [origin.strip() for origin in env.list("CSRF_TRUSTED_ORIGINS", default=[])]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_AGE = 8 * 60 * 60  # seconds: one working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
# The domain above this portal and the shop, such as hartwell.example, on which both share a
# visitor's cookie choice.
COOKIE_CHOICE_DOMAIN = env("COOKIE_CHOICE_DOMAIN", default="")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap's icons are data: images inside its style sheet
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440  # bytes
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_HANDLERS = [
    "compliance.portal.upload_handler.InMemory"
]  # nothing unsealed ever lies on a disk

# --- Static files, language, time -----------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
# With the manifest, files carry their digest in their name and are served from STATIC_ROOT after
# collectstatic.
STATIC_MANIFEST = env.bool("STATIC_MANIFEST", default=True)
WHITENOISE_USE_FINDERS = not STATIC_MANIFEST
WHITENOISE_AUTOREFRESH = not STATIC_MANIFEST  # looked up when asked for, not scanned at each start
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_MANIFEST
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["config.formats"]

# --- Logs: no request bodies, no addresses, no personal values ------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    # names each of its rules, for each email that it looks at
    "loggers": {"flufl.bounce": {"level": "CRITICAL"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
}

# The database keeps every earlier state of the register, and nobody may edit that history.
PGHISTORY_APPEND_ONLY = True

# --- Tables of others, and why they hold nothing about a customer ---------------------------------

NOT_PERSONAL_MODELS = {
    "admin.LogEntry": "Never written: the desk records in the audit trail instead.",
    "auth.Permission": "Names of permissions.",
    "auth.Group": "Unused: roles are code.",
    "contenttypes.ContentType": "Names of tables.",
    "django_tasks_database.DBTaskResult": "Ids of rows and names of functions; a test holds the "
    "jobs to that.",
    "sessions.Session": "Signed-in staff only; emptied when they expire.",
    "pghistory.Context": "Who changed the register and why; staff ids only.",
    "pghistory.MiddlewareEvents": "No rows of its own.",
    "pghistory.Events": "No rows of its own.",
}
