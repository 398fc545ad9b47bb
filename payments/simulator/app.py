import logging
from urllib.parse import parse_qsl

from . import (  # noqa: F401 -- the modules that only register routes
    api,
    control,
    control_decisions,
    endpoints,
    hosted_challenge,
    hosted_checkout,
    hosted_dashboard,
    hosted_invoice,
    hosted_onboarding,
    hosted_portal,
    pages,
)
from .wire import Reply

logger = logging.getLogger(__name__)


class App:
    """Everything the server answers, over one world."""

    def __init__(self, world):
        self._world = world

    def __call__(self, request):
        try:
            return self._answer(request)
        except Exception:
            logger.exception("%s %s", request.method, request.path)
            return Reply(500, b"The simulator itself failed; see its output.", {"Content-Type": "text/plain"})

    def _answer(self, request):
        if request.path.startswith("/_simulator/"):
            return control.answer(self._world, request, dict(parse_qsl(request.query)))
        return (None if request.path.startswith("/v1/") else pages.answer(self._world, request)) or api.answer(
            self._world, request
        )
