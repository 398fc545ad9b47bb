"""The local environment's outbox page: what was sent, with headers, text, HTML and attachments."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from messaging import local_outbox


@login_not_required
@never_cache
@require_safe
def outbox(request):
    to = request.GET.get("to", "")
    return render(request, "messaging/outbox.html", {"sent": local_outbox.everything(to=to), "to": to})


@login_not_required
@never_cache
@require_safe
def sent_mail(request, name):
    return render(request, "messaging/sent_mail.html", {"mail": _read(name)})


@login_not_required
@never_cache
@require_safe
def sent_html(request, name):
    """The HTML part alone, inert, with the salon's logo."""
    response = HttpResponse(_read(name).html)
    response._csp_replace = {"default-src": ["'none'"], "style-src": ["'unsafe-inline'"], "sandbox": [""]}
    response._csp_replace["img-src"] = [f"http://*.{settings.PLATFORM_DOMAIN}:*"]
    return response


@login_not_required
@never_cache
@require_safe
def sent_file(request, name, number):
    """One attachment, to download and never to be shown: it may hold anything."""
    try:
        attached = _read(name).attachments[number]
    except IndexError as exc:
        raise Http404 from exc
    response = HttpResponse(attached.content, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, attached.name)
    return response


def _read(name):
    try:
        return local_outbox.read(name)
    except FileNotFoundError as exc:
        raise Http404 from exc
