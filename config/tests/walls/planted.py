"""Views as nobody should write them: the walk has to find each."""

import gzip
import io
import zipfile

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse, StreamingHttpResponse
from django.urls import path
from django_tenants.utils import tenant_context

from bookings.models import Customer, ServiceCategory, TeamMember
from tenants.models import Business

handler404 = "config.views.not_found"
handler500 = "config.views.server_error"


def _other(request):
    return Business.objects.exclude(pk=request.tenant.pk).get()


def _name(request):
    """As a raw query would read it that forgot whose schema it is in."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT display_name FROM "{_other(request).schema_name}".bookings_customer')
        return cursor.fetchone()[0]


@login_not_required
def body(request):
    return HttpResponse(f"<p>{_name(request)}</p>")


@login_not_required
def compressed(request):
    return HttpResponse(gzip.compress(_name(request).encode()), headers={"Content-Encoding": "gzip"})


@login_not_required
def archive(request):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("rows.csv", _name(request))
    return HttpResponse(file.getvalue(), content_type="application/zip")


@login_not_required
def streamed(request):
    half, rest = _name(request)[:3], _name(request)[3:]
    return StreamingHttpResponse(iter([half, rest]))


@login_not_required
def header(request):
    return HttpResponseRedirect(f"/?found={_name(request)}")


@login_not_required
def cookie(request):
    response = HttpResponse()
    response.set_cookie("last", _name(request))
    return response


@login_not_required
def ids(request):
    with tenant_context(_other(request)):
        return JsonResponse({"id": TeamMember.objects.values_list("pk", flat=True)[0].hex})


@login_not_required
def phone(request):
    with tenant_context(_other(request)):
        number = str(Customer.objects.values_list("phone", flat=True)[0])
    return HttpResponse(" ".join(number))


@login_not_required
def color(request):
    with tenant_context(_other(request)):
        return HttpResponse(ServiceCategory.objects.values_list("color", flat=True)[0].upper())


@login_not_required
def writes(request):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE \"{_other(request).schema_name}\".bookings_customer SET notes = 'x'")
    return HttpResponse()


@login_not_required
def writes_in_public(request):
    Business.objects.exclude(pk=request.tenant.pk).update(status="paused")
    return HttpResponse()


@login_not_required
def fails(request):
    raise RuntimeError


@login_not_required
def harmless(request):
    return HttpResponse(request.tenant.name)


PLANTED = {
    view.__name__: view
    for view in (
        body,
        compressed,
        archive,
        streamed,
        header,
        cookie,
        ids,
        phone,
        color,
        writes,
        writes_in_public,
        fails,
    )
}
urlpatterns = [path(f"planted/{name}/", view) for name, view in PLANTED.items()]
urlpatterns += [path("planted/harmless/", harmless)]
