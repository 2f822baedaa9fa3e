"""One settings file for demo, tests and production; everything that differs comes from the environment (README.md)."""

from datetime import timedelta
from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from hocbaso.lib import env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = BASE_DIR / ".data"

# -- What must be said ------------------------------------------------------------------------------------------------
SECRET_KEY = env.required("HOCBASO_SECRET_KEY")
ALLOWED_HOSTS = env.words("HOCBASO_ALLOWED_HOSTS")
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("HOCBASO_ALLOWED_HOSTS must name at least one host.")
HISTORY_KEY = env.required("HOCBASO_HISTORY_KEY")
HISTORY_PUBLIC_KEYS = env.words("HOCBASO_HISTORY_PUBLIC_KEYS")  # of earlier keys, or of the machine a copy came from
SECRETS_KEYS = [env.required("HOCBASO_SECRETS_KEY"), *env.words("HOCBASO_EARLIER_SECRETS_KEYS")]
REDIS_URL = env.required("HOCBASO_REDIS_URL")
DATABASE_ROLE = env.text("HOCBASO_DATABASE_ROLE", "app")
if DATABASE_ROLE not in {"app", "owner"}:
    raise ImproperlyConfigured("HOCBASO_DATABASE_ROLE must be “app” or “owner”.")

# How long looks at children's records are kept (manage.py drop_old_reads); a year at least.
READS_MONTHS = env.number("HOCBASO_READS_MONTHS", 24, least=12)
# How long rows of an uploaded list are kept that nobody confirmed, or that were refused.
PREVIEW_DAYS = env.number("HOCBASO_PREVIEW_DAYS", 30, least=1)

DEBUG = False
DEMO = env.switch("HOCBASO_DEMO", default=False)
HTTPS = env.switch("HOCBASO_HTTPS", default=True)
SECOND_FACTOR_REQUIRED = env.switch("HOCBASO_SECOND_FACTOR", default=True)
TRUSTED_PROXIES = env.number("HOCBASO_TRUSTED_PROXIES", 1)
FILES_ROOT = env.folder("HOCBASO_FILES", DATA_DIR / "files")
# Certificates of the authorities whose signatures on pages are trusted; a local authority (the demo's) has a folder.
AUTHORITY_DIR = env.folder("HOCBASO_AUTHORITY", DATA_DIR / "authority")
TRUST_ANCHORS = [Path(name) for name in env.words("HOCBASO_TRUST_ANCHORS")] or [AUTHORITY_DIR / "authority.pem"]
OWNER_LINE = env.text("HOCBASO_OWNER_LINE", "Sở Giáo dục và Đào tạo")

# -- Applications -----------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "guardian",
    "csp",
    "django_htmx",
    "schools",
    "records",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "schools.middleware.RequestContextMiddleware",
    "schools.middleware.OnceMoreMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "schools.middleware.ReadableMiddleware",
    "schools.middleware.AccessMiddleware",
]
ROOT_URLCONF = "hocbaso.urls"
WSGI_APPLICATION = "hocbaso.wsgi.application"
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
                "schools.context.workplace",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# -- Storage ----------------------------------------------------------------------------------------------------------
DATABASES = {
    "default": env.database("HOCBASO_OWNER_DATABASE_URL" if DATABASE_ROLE == "owner" else "HOCBASO_DATABASE_URL")
    | {"CONN_MAX_AGE": env.number("HOCBASO_CONNECTION_AGE", 60), "CONN_HEALTH_CHECKS": True}
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = [
    "guardian.W001"
]  # grants are read with their delegation (schools.permissions), never by has_perm
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "hocbaso",
    }
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(FILES_ROOT)}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = env.folder("HOCBASO_STATIC_ROOT", DATA_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A whole table posted without JavaScript: fifty pupils of tiểu học with some twenty cells each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# -- Celery -----------------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = env.broker(REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": "hocbaso:",
    "visibility_timeout": 600,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True  # a process killed in the middle: another takes the task, which is done once
CELERY_TASK_TIME_LIMIT = 120
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Asia/Ho_Chi_Minh"
CELERY_BEAT_SCHEDULE = {
    "anchor-history": {"task": "schools.anchor_history", "schedule": timedelta(hours=24)},
    "make-read-months": {"task": "schools.make_read_months", "schedule": timedelta(hours=24)},
    "forget-previews": {"task": "schools.forget_previews", "schedule": timedelta(hours=24)},
    "clear-sessions": {"task": "schools.clear_sessions", "schedule": timedelta(hours=6)},
    "prepare-classes": {"task": "records.prepare_classes", "schedule": timedelta(minutes=10)},
    "sweep-page-files": {"task": "records.sweep_page_files", "schedule": timedelta(hours=24)},
    "verify-pages": {"task": "records.verify_pages", "schedule": crontab(hour=3, minute=15)},
    "send-again": {"task": "records.send_again", "schedule": timedelta(minutes=10)},
    "forget-operations": {"task": "records.forget_operations", "schedule": timedelta(hours=24)},
}

# -- Accounts ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "schools.User"
AUTHENTICATION_BACKENDS = ["schools.login.LoginBackend"]
ANONYMOUS_USER_NAME = None  # guardian: no row stands for “nobody”
GUARDIAN_MONKEY_PATCH_USER = False
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "schools.login.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}  # the backend also takes a phone number for it
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {
    # A whole school sits behind one address in the last week of term: the limit per address is wide, the limit per
    # account narrow.
    "login": "600/m/ip",
    "login_failed": "300/m/ip,5/5m/key",
    "reset_password": "60/m/ip,5/m/key",
    "reset_password_from_key": "60/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    "use_slip": "300/m/ip,10/5m/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
ACCOUNT_FORMS = {
    "login": "schools.forms.accounts.LoginForm",
    "change_password": "schools.forms.accounts.ChangePasswordForm",
    "reset_password": "schools.forms.accounts.ResetPasswordForm",
    "reset_password_from_key": "schools.forms.accounts.ResetPasswordKeyForm",
    "reauthenticate": "schools.forms.accounts.ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": "schools.forms.accounts.SecondFactorForm",
    "reauthenticate": "schools.forms.accounts.SecondFactorAgainForm",
    "activate_totp": "schools.forms.accounts.ActivateAppForm",
    "add_webauthn": "schools.forms.accounts.AddPasskeyForm",
    "edit_webauthn": "schools.forms.accounts.EditPasskeyForm",
}
MFA_ADAPTER = "schools.login.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Học bạ số"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
USERSESSIONS_TRACK_ACTIVITY = False
SLIP_DAYS = env.number("HOCBASO_SLIP_DAYS", 30)
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_NAME = "hocbaso_session"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_IDLE_MINUTES = env.number("HOCBASO_SESSION_IDLE_MINUTES", 120)
CSRF_COOKIE_NAME = "hocbaso_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "schools.views.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = env.words("HOCBASO_ORIGINS")

# -- The wire ---------------------------------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
SECURE_REFERRER_POLICY = "same-origin"
if HTTPS and TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# -- Language, time, mail, logs ---------------------------------------------------------------------------------------
LANGUAGE_CODE = "vi"
USE_I18N = True
LANGUAGES = [("vi", "Tiếng Việt")]
LOCALE_PATHS = [BASE_DIR / "hocbaso" / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
globals().update(env.email("HOCBASO_EMAIL_URL"))
DEFAULT_FROM_EMAIL = env.text("HOCBASO_EMAIL_FROM", "hocbaso@localhost")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    # Nothing personal is written to the log: request lines carry public ids only, exceptions no local variables.
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("HOCBASO_LOG_LEVEL", "INFO")},
    # Libraries that tell every step of every page.
    "loggers": {name: {"level": "WARNING"} for name in ("weasyprint", "fontTools", "pikepdf", "pyhanko")},
}
