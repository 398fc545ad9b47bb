"""Where a calendar is found, and how a program takes it."""

from django.urls import reverse


def feed_url(*, business, token):
    return business.url + reverse("feeds:calendar", args=[token], urlconf="config.urls_salon")


def webcal_url(url):
    """The same address as phones and desktops open it in their own calendar."""
    return "webcal://" + url.partition("://")[2]


def visit_url(business):
    """A function from a visit's id to its page for the team."""
    stencil = "00000000-0000-0000-0000-000000000000"
    path = reverse("dashboard:visit", args=[stencil], urlconf="config.urls_salon")
    before, after = f"{business.url}{path}".split(stencil)
    return lambda pk: f"{before}{pk}{after}"
