"""What `python -m config.live` serves: WebSockets under `/ws/`. Pages are served by `config.wsgi`."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
get_asgi_application()  # sets Django up

from channels.routing import ProtocolTypeRouter  # noqa: E402 -- needs Django

from dashboard.live import door  # noqa: E402 -- needs Django

application = ProtocolTypeRouter({"websocket": door.websocket, "http": door.http})
