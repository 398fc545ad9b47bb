"""Answers that belong to no domain: health, and the pages for errors."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django_prometheus.exports import ExportToDjangoView


@login_not_required
@never_cache
def live(request):
    """The process answers."""
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
def ready(request):
    """The process can do its work: the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
def metrics(request):
    """Prometheus' page, for the machine itself and for trusted addresses only."""
    if request.META.get("REMOTE_ADDR") not in ("127.0.0.1", "::1", *settings.TRUSTED_PROXIES):
        raise Http404
    return ExportToDjangoView(request)


def not_found(request, exception=None):
    return render(request, "404.html", status=404)


def server_error(request):
    return render(request, "500.html", status=500)


def csrf_failure(request, reason=""):
    return render(request, "errors/csrf.html", status=403)
