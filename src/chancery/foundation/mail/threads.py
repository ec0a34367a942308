"""Tokens in reply addresses: they prove which conversation a reply belongs to, not who wrote it."""

import base64
import hashlib
import hmac

from django.conf import settings

from chancery.foundation.audit.refs import Ref


def thread_token(about: Ref, purpose: str) -> str:
    """Return the token of a conversation: 20 characters that nobody can guess without the key."""
    message = f"{about.kind}|{about.id}|{purpose}".encode()
    digest = hmac.new(settings.MAIL_THREAD_KEY.encode(), message, hashlib.sha256).digest()
    return base64.b32encode(digest).decode().lower()[:20]


def reply_address(token: str) -> str:
    """Return the address to which a reply goes, such as ``diploma+k3v...@city.example``."""
    name, _, domain = settings.REPLY_ADDRESS.rpartition("@")
    return f"{name}+{token}@{domain}"
