"""Settings every installation shares. What differs by machine comes from the environment.

`local.py` adds what `make demo` made under `var/`, `test.py` what tests need, `production.py`
what a deployment must state. Only the environment is read here, nothing is invented: a missing
fact stays empty and the module that needs it refuses.
"""

import os
import platform
from pathlib import Path
from tempfile import gettempdir

from celery.schedules import crontab
from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.utils.translation import gettext_lazy as _
from kombu import Exchange, Queue

from config.settings.admin_theme import UNFOLD  # noqa: F401  read by the theme
from config.settings.database_url import database_from_url

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = BASE_DIR / "var"

DEBUG = False
SECRET_KEY = os.environ.get("SECRET_KEY", "")
# Newest key first; older ones stay listed until every number is rewritten with the newest.
# Each entry: <key id>:<32 bytes in base64>.
ID_NUMBER_KEYS = [key for key in os.environ.get("ID_NUMBER_KEYS", "").split(",") if key]
# What holds sealed content beside the sealed columns (config/runs/README.md).
SEALED_STORES: list[str] = ["config.runs.file_stores.DocumentScans"]
ALLOWED_HOSTS = [host for host in os.environ.get("ALLOWED_HOSTS", "").split(",") if host]
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if o]

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.import_export",
    "config.admin_apps.OfficeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "django_htmx",
    "pghistory",
    "pgtrigger",
    "csp",
    "axes",
    "config.policy",
    "config.offices",
    "config.audit",
    "config.sign_in",
    "config.operation",
    "config.outbox",
    "config.runs",
    "config.sweep",
    "config.backup",
    "config.health",
    "enrollment",
    "claims",
    "assistance",
    "poverty_monitoring",
]

MIDDLEWARE = [
    # Around everything: a refusal of any other middleware carries a policy as well.
    "csp.middleware.CSPMiddleware",
    "config.web.policy.StrictPolicyMiddleware",
    "config.request.RequestMiddleware",
    "config.deadline.DeadlineMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.web.methods.MethodsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.sign_in.middleware.LiveSessionMiddleware",
    "config.offices.middleware.OfficeMiddleware",
    "config.audit.middleware.RefusalMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

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
            ],
        },
    },
]

# --- Database: one database, three connections ---------------------------------------------
# default  the application's role: owns nothing, is subject to row-level security
# aside    the same role on a second connection, for rows that must outlive a refusal
# owner    the schema's owner, for `manage.py migrate --database owner` only
STATEMENT_TIMEOUT_S = int(os.environ.get("STATEMENT_TIMEOUT_S", "30"))
OWNER_STATEMENT_TIMEOUT_S = 0
DATABASE_URL = os.environ.get("DATABASE_URL", "")
OWNER_DATABASE_URL = os.environ.get("OWNER_DATABASE_URL", "")
DATABASES = {}
if DATABASE_URL:
    DATABASES["default"] = {
        **database_from_url(DATABASE_URL, statement_timeout_s=STATEMENT_TIMEOUT_S),
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
    DATABASES["aside"] = {
        **database_from_url(DATABASE_URL, statement_timeout_s=STATEMENT_TIMEOUT_S),
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"MIRROR": "default"},
    }
if OWNER_DATABASE_URL:
    DATABASES["owner"] = database_from_url(
        OWNER_DATABASE_URL, statement_timeout_s=OWNER_STATEMENT_TIMEOUT_S
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Sign-in -------------------------------------------------------------------------------
AUTH_USER_MODEL = "offices.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "config.sign_in.passwords.LongestValidator"},
    {"NAME": "config.sign_in.passwords.OfficeWordsValidator"},
    {"NAME": "config.sign_in.passwords.NotReusedValidator"},
]
# Older passwords are changed at the next sign-in; 0 asks for none.
PASSWORD_AGE_DAYS = int(os.environ.get("PASSWORD_AGE_DAYS", "180"))
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# Tries are counted by our handler, in the tables of django-axes; see `config.sign_in.tries`.
AXES_HANDLER = "config.sign_in.counting.TriesCounting"
AXES_FAILURE_LIMIT = 5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "config.offices.client_address.client_address"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# Its middleware would tell a locked name from a wrong password.
SILENCED_SYSTEM_CHECKS = ["axes.W002"]
# Proxies of ours in front, each adding to X-Forwarded-For; with 0 that header is not read.
TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXY_COUNT", "0"))
KNOWN_DESK_COOKIE_NAME = "known_desk"
LOGIN_URL = "admin:login"
# Kinds of unfinished work that are handed over together (config/offices/open_work.py).
OPEN_WORK = [
    "claims.services.open_work.DRAFTS",
    "claims.services.open_work.HELD",
    "claims.services.open_work.SENT_BACK",
]
LOGIN_REDIRECT_URL = "admin:index"
# Sessions are facts: they live in the database. Redis only carries wake-up calls.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = int(os.environ.get("SESSION_IDLE_MINUTES", "15")) * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- Browser security ----------------------------------------------------------------------
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
POLICY_REPORTS = "/policy-report/"
# The admin theme evaluates attributes, so its pages need 'unsafe-eval' for scripts (never
# 'unsafe-inline'). Statement, API and public pages replace this by the strict policy below.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, UNSAFE_EVAL],
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:"],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "report-uri": [POLICY_REPORTS],
    },
}
STRICT_CONTENT_SECURITY_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF, "data:"],
    "frame-ancestors": [NONE],
    "object-src": [NONE],
    "base-uri": [NONE],
    "form-action": [SELF],
    "report-uri": [POLICY_REPORTS],
}
# A bill of one stay may list hundreds of items; each is a few fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 8000

# --- Language, time, figures ---------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
# True would print {{ pk }} as 12,345 in addresses; figures are grouped where they are printed.
USE_THOUSAND_SEPARATOR = False

# --- Static files --------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [
    path
    for path in [BASE_DIR / "config" / "static", BASE_DIR / "templates" / "static"]
    if path.is_dir()
]
STORAGES = {
    "default": {"BACKEND": "config.identity.file_storage.SealedStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = VAR_DIR / "files"
# By the folder of a column: the page that gives its files out, and asks for the right.
STORED_FILE_PAGES = {"policy_documents": "admin:policy_scan"}

# --- Background work -----------------------------------------------------------------------
# A message is a wake-up; the facts and the list of what is due are rows in PostgreSQL.
REDIS_URL = os.environ.get("REDIS_URL", "")
CELERY_BROKER_URL = REDIS_URL or None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
}
# A wake-up that cannot be sent is not worth a waiting clerk: the sweeper finds what was missed.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # KiB
CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_TASK_TIME_LIMIT = 120
CELERY_TIMEZONE = TIME_ZONE
CELERY_ENABLE_UTC = True
# Work a desk waits for never stands behind a bulk run.
CELERY_TASK_DEFAULT_QUEUE = "desk"
# An exchange and a key for each queue: with shared ones every message would reach both.
CELERY_TASK_DEFAULT_EXCHANGE = "desk"
CELERY_TASK_DEFAULT_ROUTING_KEY = "desk"
CELERY_TASK_QUEUES = [Queue(name, Exchange(name), routing_key=name) for name in ("desk", "bulk")]
# Kind of work to the function that does it (config/outbox/README.md).
OUTBOX_CONSUMERS: dict[str, str] = {"run.started": "config.runs.services.consume_started"}
OUTBOX_SWEEP_EVERY_S = int(os.environ.get("OUTBOX_SWEEP_EVERY_S", "30"))
# Kind of run to its class (config/runs/README.md).
RUN_KINDS: dict[str, str] = {"key_rotation": "config.runs.key_rotation.KeyRotation"}
# Renewed while a worker lives; 150 s after the worst kill the work goes on: lease and sweep.
# Which machine a lease was taken on; containers that share a host name state their own.
RUN_MACHINE = os.environ.get("RUN_MACHINE", platform.node())
RUN_LEASE_S = int(os.environ.get("RUN_LEASE_S", "90"))
RUN_SWEEP_EVERY_S = int(os.environ.get("RUN_SWEEP_EVERY_S", "30"))
HEALTH_WATCH_EVERY_S = 60
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "outbox": {
        "task": "config.outbox.tasks.outbox_sweep",
        "schedule": OUTBOX_SWEEP_EVERY_S,
        # A worker that was away for an hour need not sweep a hundred times.
        "options": {"expires": 2 * OUTBOX_SWEEP_EVERY_S},
    },
    "health": {
        "task": "config.health.tasks.health_watch",
        "schedule": HEALTH_WATCH_EVERY_S,
        "options": {"expires": 2 * HEALTH_WATCH_EVERY_S},
    },
    "runs": {
        "task": "config.runs.tasks.runs_sweep",
        "schedule": RUN_SWEEP_EVERY_S,
        "options": {"expires": 2 * RUN_SWEEP_EVERY_S},
    },
    "sign_in": {
        "task": "config.sign_in.tasks.tidy",
        "schedule": crontab(hour=2, minute=10),
    },
    "sweep-nightly": {
        "task": "sweep.nightly",
        "schedule": crontab(hour=3, minute=30),
        "options": {"queue": "bulk"},
    },
}
# The record of acts is sealed once a minute and anchored once a day, outside the database. The file
# belongs where the administrator of the database has no hand.
AUDIT_SEAL_ALGORITHM = "sha256/1"
AUDIT_SEAL_EVERY_S = 60
AUDIT_ANCHOR_FILE = Path(
    os.environ.get("AUDIT_ANCHOR_FILE", "") or VAR_DIR / "audit" / "anchors.txt"
)
CELERY_BEAT_SCHEDULE["audit"] = {
    "task": "config.audit.tasks.audit_seal",
    "schedule": AUDIT_SEAL_EVERY_S,
    "options": {"expires": AUDIT_SEAL_EVERY_S},
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- Ledger sweep --------------------------------------------------------------------------
# Lists of `config.sweep.invariants.Invariant`: what each package says must always hold.
SWEEP_INVARIANTS: list[str] = [
    "claims.sweep.registry.INVARIANTS",
    "config.outbox.invariants.INVARIANTS",
    "config.audit.invariants.INVARIANTS",
]

# --- Health --------------------------------------------------------------------------------
# Functions without arguments, each answering one `config.health.facts.HealthFact`.
HEALTH_FACTS: list[str] = [
    "config.operation.health_facts.paused",
    "config.outbox.health_facts.scheduler",
    "config.outbox.health_facts.oldest_due",
    "config.outbox.health_facts.failed",
    "config.sign_in.health_facts.failed_tries",
    "config.runs.health_facts.standstill",
    "config.sweep.health_facts.ledger",
    "config.backup.health_facts.backup_age",
    "config.backup.health_facts.restore_test_age",
    "config.backup.health_facts.archive",
    "config.audit.health_facts.seals",
    "config.audit.health_facts.anchor",
    "config.audit.health_facts.writable",
    "config.health.health_facts.broker",
    "config.health.health_facts.space",
    "config.health.health_facts.connections_used",
    "config.health.health_facts.migrations",
]
# A request is ended before the 35 seconds after which a web worker counts as stuck.
REQUEST_DEADLINE_S = float(os.environ.get("REQUEST_DEADLINE_S", "30"))
# A deployment refuses a database that may lose or show what it must not (config/health).
REFUSE_UNSAFE_DATABASE = False
# Folders whose volumes are watched; add those of the database where it runs on this machine.
WATCHED_FOLDERS = [
    str(VAR_DIR),
    str(MEDIA_ROOT),
    gettempdir(),
    *(path for path in os.environ.get("WATCHED_FOLDERS", "").split(os.pathsep) if path),
]
# Who may read /metrics: the holder of this token; without one nobody, or a program on this machine.
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")
METRICS_FROM_LOOPBACK = os.environ.get("METRICS_FROM_LOOPBACK", "") == "1"

# --- Backups -------------------------------------------------------------------------------
# Where they lie, a second place if there is one, and the keys that seal them; the keys belong
# neither into the database nor into a backup.
BACKUP_TARGET = os.environ.get("BACKUP_TARGET", "")
BACKUP_SECOND_TARGET = os.environ.get("BACKUP_SECOND_TARGET", "")
BACKUP_KEYS = os.environ.get("BACKUP_KEYS", "")
# A role with REPLICATION and nothing else.
BACKUP_DATABASE_URL = os.environ.get("BACKUP_DATABASE_URL", "")
BACKUP_KEEP = int(os.environ.get("BACKUP_KEEP", "14"))
# A folder with room for the whole cluster, to verify and to try a restore in.
BACKUP_SCRATCH = os.environ.get("BACKUP_SCRATCH", "")
# Folder of PostgreSQL's programs; where it is empty the machine's path is searched.
POSTGRES_PROGRAMS = os.environ.get("POSTGRES_PROGRAMS", "")
# Commands that judge a restored database; each ends with a code other than 0 if it is not well.
RESTORE_VERDICTS: list[str] = ["ledger_sweep"]

# --- Machine interface ---------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    # Nothing is open by default: each view states who may call it.
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Medical insurance desk",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    # The page would send the schema to a service that checks it.
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},
    # Pages and other addresses of the site are no part of the interface.
    "SCHEMA_PATH_PREFIX": "/api/v1",
}
# People one facility may look up in an hour, by what it asks for.
API_USES_PER_HOUR = {"coverage": 120, "person": 1200}
API_BODY_LIMIT_BYTES = 512 * 1024

# --- Looks at people -----------------------------------------------------------------------
# Questions across offices an account may ask in an hour without filing anything.
CROSS_OFFICE_CHECKS_PER_HOUR = 30
# People opened and full numbers shown in an hour, before the supervisor is told; from four
# fifths of it on, each further look waits a moment.
READING_LIMITS_PER_HOUR = {"opened": 200, "revealed": 20}
READING_SLOW_DOWN_S = 2.0
# How often one account may be shown the full number of one person in a day.
REVEALS_OF_ONE_PERSON_PER_DAY = 2
# What an upper app closes at the office a person leaves, and opens at the one they come to.
PERSON_MOVES = ["claims.services.moved_accounts"]

# --- Small imports of reference data -------------------------------------------------------
IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True

# --- Policy packs --------------------------------------------------------------------------
# Folders outside the repository, separated like PATH, loaded under the same checks.
# Releases of invented values may be put in force only here.
IS_DEMONSTRATION = os.environ.get("IS_DEMONSTRATION", "") == "1"
POLICY_PACKS = [Path(p) for p in os.environ.get("POLICY_PACKS", "").split(os.pathsep) if p]

DEFAULT_EXCEPTION_REPORTER = "config.identity.error_reports.QuietReporter"
DEFAULT_EXCEPTION_REPORTER_FILTER = "config.identity.error_reports.NoValuesFilter"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "config.log_format.LineFormatter"},
        "json": {"()": "config.log_format.JsonLineFormatter"},
    },
    "filters": {
        "numbers": {"()": "config.identity.logging_filter.PersonalNumberFilter"},
        "request": {"()": "config.request.RequestFilter"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["numbers", "request"],
        }
    },
    # Whatever the level: statements are logged with their values, which are people's data.
    "loggers": {"django.db.backends": {"level": "INFO"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
}
