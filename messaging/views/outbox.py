"""The local environment's outbox page: what was sent, with headers, text, HTML and attachments."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from messaging import local_outbox


@login_not_required
@never_cache
@require_safe
def outbox(request):
    mails = [local_outbox.read(name) for name in local_outbox.names()]
    return render(request, "messaging/outbox.html", {"mails": mails, "texts": local_outbox.texts()})


@login_not_required
@never_cache
@require_safe
def sent_mail(request, name):
    return render(request, "messaging/sent_mail.html", {"mail": _read(name)})


@login_not_required
@never_cache
@require_safe
def sent_html(request, name):
    """The HTML part alone, inert."""
    response = HttpResponse(_read(name).html)
    response._csp_replace = {"default-src": ["'none'"], "style-src": ["'unsafe-inline'"], "sandbox": [""]}
    return response


def _read(name):
    try:
        return local_outbox.read(name)
    except FileNotFoundError as exc:
        raise Http404 from exc
