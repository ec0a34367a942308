"""All settings of Chancery, read from the environment; see docs/operate/settings.md for each variable."""

import os
from datetime import timedelta
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from chancery.config import logs
from chancery.config.environment import (
    ROOT as ROOT,
)
from chancery.config.environment import (
    VAR,
    database_from_url,
    database_url,
    inbound_mail,
    mailbox_url,
    mailer_from_url,
    mode,
    secret_from_file,
    site_url,
)
from chancery.foundation.ui.assets import static_folders

PACKAGE = Path(__file__).resolve().parents[1]

MODE = mode()
DEMO = MODE in {"demo", "rehearsal"}
TESTING = MODE == "test"
if MODE not in {"production", "demo", "rehearsal", "test"}:
    raise ImproperlyConfigured(f"CHANCERY_MODE is {MODE!r}; it must be production, demo, rehearsal or test")
if MODE == "production" and os.environ.get("CHANCERY_NOW"):
    raise SystemExit("CHANCERY_NOW is set: a production instance reads the machine's clock. Unset it and start again.")

DEBUG = False
SECRET_KEY = os.environ.get("CHANCERY_SECRET_KEY") or secret_from_file(VAR / "secrets" / "secret-key")
MAIL_THREAD_KEY = os.environ.get("CHANCERY_MAIL_THREAD_KEY") or secret_from_file(VAR / "secrets" / "mail-thread-key")

SITE_URL = site_url()
SITE_HOST = SITE_URL.split("//", 1)[-1].split("/")[0].rsplit(":", 1)[0]
ALLOWED_HOSTS = [
    host for host in os.environ.get("CHANCERY_HOSTS", f"{SITE_HOST},127.0.0.1,localhost").split(",") if host
]
HTTPS = SITE_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rules",
    "django_htmx",
    "django_ox",
    "chancery.foundation.accounts",
    "chancery.foundation.audit",
    "chancery.foundation.mail",
    "chancery.foundation.files",
    "chancery.foundation.documents",
    "chancery.foundation.obligations",
    "chancery.foundation.privacy",
    "chancery.foundation.tasks",
    "chancery.foundation.ui",
    "chancery.domain.network",
    "chancery.domain.programme",
    "chancery.domain.admissions",
    "chancery.domain.billing",
    "chancery.domain.enrollment",
    "chancery.interfaces.public",
    "chancery.interfaces.participant",
    "chancery.interfaces.office",
    "chancery.interfaces.demo",
    "chancery.interfaces.worker",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "chancery.config.requests.refuse_null_characters",
    "chancery.interfaces.public.pages.serve_kept_pages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "chancery.config.requests.keep_private",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "chancery.config.requests.speak_as_asked",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "chancery.config.requests.refuse_large_bodies",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "chancery.config.urls"
WSGI_APPLICATION = "chancery.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "chancery.foundation.ui.context.frame",
                "chancery.interfaces.office.frame.office_frame",
                "chancery.interfaces.demo.context.demo_bar",
            ],
        },
    },
]
FORM_RENDERER = "chancery.foundation.ui.forms.FormRenderer"

DATABASES = {"default": database_from_url(database_url())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"},
}

TASKS = {"default": {"BACKEND": "django_ox.backend.OxBackend", "QUEUES": [], "OPTIONS": {"MAX_ATTEMPTS": 5}}}
if TESTING:
    TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}

# Accounts: a code by e-mail for everybody, password and second factor for the office.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["rules.permissions.ObjectPermissionBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "my-files"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "chancery.foundation.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
# Tests that are about the second factor switch it on; the others sign in by a client.
SECOND_FACTOR_REQUIRED = MODE == "production"

SESSION_COOKIE_AGE = 14 * 24 * 3600
OFFICE_SESSION = timedelta(hours=float(os.environ.get("CHANCERY_OFFICE_SESSION_HOURS", "12")))
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = ("__Host-session", "__Host-csrf") if HTTPS else ("session", "csrf")
SECURE_SSL_REDIRECT = HTTPS and os.environ.get("CHANCERY_SSL_REDIRECT", "1") == "1"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
BEHIND_PROXY = os.environ.get("CHANCERY_BEHIND_PROXY") == "1"
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}

INBOUND_MAIL, ANYMAIL = inbound_mail()  # blank: nobody posts mail to us
# A provider posts a whole mail with its attachments as one field; refused, it would be lost to us after a day.
DATA_UPLOAD_MAX_MEMORY_SIZE = (40 if INBOUND_MAIL else 2) * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILES_ROOT = VAR / "files"

# Mail: files in the demo, SMTP or a provider in production.
DEFAULT_FROM_EMAIL = os.environ.get("CHANCERY_MAIL_FROM", "Metropolis Diploma <diploma@chancery.example>")
REPLY_ADDRESS = os.environ.get("CHANCERY_REPLY_ADDRESS", "diploma@chancery.example")
IMAP_URL = mailbox_url()  # blank: replies come by `mail receive` only
AUTHSERV_ID = os.environ.get("CHANCERY_AUTHSERV_ID", "")  # blank: no server is believed about a sender
MAIL_FILES = VAR / "mail"
MAILERS = {
    "default": mailer_from_url(
        os.environ.get("CHANCERY_MAIL_URL", "file://" if DEMO else "smtp://localhost:25"), MAIL_FILES
    )
}
if TESTING:
    MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish")), ("fr", _("French")), ("ca", _("Catalan"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

WORKER_COMMAND = "ox_worker"

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = static_folders(VAR)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "chancery.foundation.ui.static_files.StaticFiles"},
}
WHITENOISE_MAX_AGE = 3600
if TESTING:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

logs.configure()
# Logs carry ids and no personal data: JSON lines in production, plain ones for people elsewhere.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "chancery.config.logs.formatter", "json": MODE == "production"}},
    "filters": {"keys": {"()": "chancery.config.logs.KeysLeftOut"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["keys"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django": {"handlers": [], "level": "WARNING", "propagate": True}},
}

# Rates against abuse: tries/seconds, counted in the database for all web processes together.
SIGN_IN_RATE = os.environ.get("CHANCERY_SIGN_IN_RATE", "10/300")
APPLY_RATE = os.environ.get("CHANCERY_APPLY_RATE", "30/3600")

# How long a public page is served from memory before its edition and minute are looked at again.
PUBLIC_PAGE_SECONDS = 0 if TESTING else 2

SILENCED_SYSTEM_CHECKS: list[str] = []
