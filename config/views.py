"""Answers that belong to no domain: health, and the pages for errors."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache


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


def csrf_failure(request, reason=""):
    return render(request, "errors/csrf.html", status=403)
