"""What every page of every door shows in its frame."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the frame's facts: whether this is the demo."""
    return {"demo": settings.DEMO}
