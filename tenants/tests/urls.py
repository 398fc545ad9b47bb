"""A small site for tests of the middleware: views that say where they run and what they see."""

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse, JsonResponse
from django.urls import path

from audit.models import AuditEntry
from tenants import media


@login_not_required
def where(request):
    return JsonResponse(
        {
            "tenant": request.tenant and request.tenant.slug,
            "schema": connection.schema_name,
            "user": str(request.user.pk or ""),
            "role": getattr(request.membership, "role", "") if request.membership else "",
        }
    )


@login_not_required
def labels(request):
    """What three kinds of statements find: bare, in a transaction, after a savepoint was rolled back."""
    found = [*_labels()]
    with transaction.atomic():
        found += _labels()
        try:
            with transaction.atomic():
                found += _labels()
                raise LookupError
        except LookupError:
            found += _labels()
    return JsonResponse({"labels": found, "cached": cache.get("whose")})


@login_not_required
def fails(request):
    raise LookupError("on purpose")


@login_not_required
def plain(request):
    return HttpResponse("ok")


def _labels():
    return AuditEntry.objects.values_list("actor_label", flat=True)


urlpatterns = [
    path("", where),
    path("labels/", labels),
    path("fails/", fails),
    path("b/1/", plain),
    path("health/live", plain),
    path("brand.css", media.brand_css, name="brand-css"),
]
