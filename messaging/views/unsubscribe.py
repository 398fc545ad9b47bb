"""The way out of advertising (RFC 8058): on the salon's host, for whoever has the link from a mail."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from messaging import links, queries, services


@csrf_exempt  # mail programs post without a cookie; the link itself says who may
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request, token):
    """Looking changes nothing: programs that check links look. A POST does, and one with `again` takes it back.

    It answers with the page at once, as mail programs follow no redirect.
    """
    try:
        channel, address = links.recipient_of(token)
    except links.BadLink as exc:
        raise Http404 from exc
    if request.method == "POST":
        act = services.subscribe_again if "again" in request.POST else services.unsubscribe
        act(channel=channel, address=address, now=timezone.now())
    state = queries.advertising_state(channel=channel, address=address)
    return render(request, "messaging/unsubscribe.html", {"address": address, "state": state})
