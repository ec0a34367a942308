"""The WSGI entry of the bare views: the settings of the site, without its middleware."""

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

django.setup()
settings.MIDDLEWARE = []
settings.ROOT_URLCONF = "bench.bare_views"
application = WSGIHandler()
