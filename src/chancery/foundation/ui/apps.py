"""App of ui."""

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class UiConfig(AppConfig):
    """Registers ui with Django."""

    name = "chancery.foundation.ui"
    label = "ui"


class ServedFilesConfig(StaticFilesConfig):
    """Static files without those of other packages that no page loads: packing them would slow the first start."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "account",
        "mfa",
        "ext",
        "htmax*",
        "htmx-2*",
        "htmx-4.js",
        "django-htmx.js",
        ".version",
    ]
