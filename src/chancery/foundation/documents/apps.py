"""App of documents."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Registers documents with Django."""

    name = "chancery.foundation.documents"
    label = "documents"
