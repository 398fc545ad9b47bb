"""What search engines ask each host for."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from directory import crawling
from tenants import hosts

#: Robots come back after an hour at the earliest.
for_an_hour = cache_control(public=True, max_age=3600)


@login_not_required
@require_safe
@for_an_hour
def favicon(request):
    """For browsers that look here and not at the page."""
    return redirect(static("img/icon.svg"))


@login_not_required
@require_safe
@for_an_hour
def robots(request):
    return _robots(crawling.PLATFORM_PRIVATE, [hosts.platform_url() + reverse("sitemap")])


@login_not_required
@require_safe
@for_an_hour
def sitemap(request):
    """All public addresses; where they are too many for one file, a list of files (`?part=2`)."""
    _only_where_searched()
    part, parts = _part(request), crawling.parts()
    if part > parts:
        raise Http404
    if parts > 1 and not part:
        address = hosts.platform_url() + reverse("sitemap")
        files = [f"{address}?part={number}" for number in range(1, parts + 1)]
        return _xml(request, "directory/sitemap_index.xml", files)
    return _xml(request, "directory/sitemap.xml", crawling.platform_addresses(part or 1))


@login_not_required
@require_safe
@for_an_hour
def salon_robots(request):
    """A salon that is closed has no map; its pages may be read, else nobody would see that they are not to be indexed."""
    return _robots(crawling.SALON_PRIVATE, crawling.maps_of(request.tenant))


@login_not_required
@require_safe
@for_an_hour
def salon_sitemap(request):
    _only_where_searched()
    if not crawling.is_open(request.tenant):
        raise Http404
    return _xml(request, "directory/sitemap.xml", crawling.salon_addresses(request.tenant))


def _robots(private, maps):
    closed = [f"Disallow: {path}" for path in (private if settings.SEARCH_ENGINES else ("/",))]
    lines = ["User-agent: *", *closed, *(f"Sitemap: {url}" for url in maps if settings.SEARCH_ENGINES)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _only_where_searched():
    if not settings.SEARCH_ENGINES:
        raise Http404


def _part(request):
    """The asked part's number; 0 where none was asked for."""
    text = request.GET.get("part", "0")
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise Http404
    return int(text)


def _xml(request, template, addresses):
    return render(request, template, {"addresses": addresses}, content_type="application/xml; charset=utf-8")
