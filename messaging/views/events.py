"""Where the mail provider tells what became of messages. On the platform's host alone."""

from anymail.exceptions import AnymailAPIError, AnymailConfigurationError, AnymailWebhookValidationFailure
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.views.decorators.csrf import csrf_exempt

from messaging import providers

#: The last is a mail that came in, which is posted to another address.
UNREADABLE = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RecursionError,
    AnymailAPIError,
    AnymailConfigurationError,
)


class Careful:
    """Before one of anymail's views: what is no post of the provider is refused, and no failure of ours."""

    def run_validators(self, request):
        _or_refused(super().run_validators, request)

    def parse_events(self, request):
        return _or_refused(super().parse_events, request)


@csrf_exempt
@login_not_required
def events(request, provider):
    """A post of the provider that mail leaves by; closed to all others, and while nothing tells it from a stranger's."""
    if provider != settings.EMAIL_PROVIDER or provider not in providers.PROVIDERS:
        raise Http404
    if not providers.is_guarded(provider, settings.ANYMAIL):
        raise Http404
    view = type("Events", (Careful, providers.tracking_view(provider)), {})
    return view.as_view()(request)


def _or_refused(read, request):
    try:
        return read(request)
    except UNREADABLE as exc:
        raise AnymailWebhookValidationFailure("unreadable") from exc
