"""Each public page of a salon, asked with each thing it reads, one at a time: nothing a browser sends is an error of ours."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.http import QueryDict, SimpleCookie
from django.urls import get_resolver
from django.utils import timezone

from bookings.views.family import FamilyDraft
from config.tests.test_public_views import is_public, patterns
from config.tests.walls.addresses import addresses
from config.tests.walls.walk import Browser, RolledBack
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
SALON = "config.urls_salon"
FORM = "application/x-www-form-urlencoded"
#: These have walks of their own.
ELSEWHERE = ("/api/", "/auth/", "/booking/", "/admin/", "/accounts/", "/dev/", "/health")


@pytest.fixture
def read(monkeypatch):
    """The names that views have looked up in a query or a form."""
    names = set()

    def watched(method):
        asked = getattr(QueryDict, method)

        def look_up(self, name, *args, **kwargs):
            names.add(name)
            return asked(self, name, *args, **kwargs)

        return look_up

    for method in ("__getitem__", "__contains__", "get", "getlist"):
        monkeypatch.setattr(QueryDict, method, watched(method))
    return names


@pytest.fixture
def ask(here, there, read):
    """`ask(*paths)`: ({(method, path, name, value)} answered with a fault, every name), at these paths or all public ones."""
    browser = Browser.opened(here.business)
    day = (timezone.now().astimezone(here.business.zone) + timedelta(days=8)).date()
    values = [
        "",
        "x",
        "²",
        "a\0b",
        "9" * 20,
        f"{day}",
        f"{day:%Y-%m}",
        "9999-12-31",
        str(here.keys["bookings.Service"]),
    ]

    def status_of(method, address, sent):
        browser.cookies = SimpleCookie()
        with RolledBack():
            if method == "GET":
                answer = browser.get(address.path, QUERY_STRING=urlencode(sent))
            else:
                answer = browser.post(address.path, urlencode(sent), content_type=FORM)
            if answer.streaming:
                list(answer)  # or a file stays open
            return answer.status_code

    def names_of(method, address):
        read.clear()
        status_of(method, address, {"anything": "1"})  # an empty form is taken for none
        for name in list(read):
            status_of(method, address, {name: "1"})
        return sorted(read - {"anything", "csrfmiddlewaretoken"})

    def asked(*paths):
        asked = [
            (method, address, name)
            for address in public_of(here, there)
            if not paths or address.path in paths
            for method in ("GET", "POST")
            for name in names_of(method, address)
        ]
        faults = {
            (method, address.path, name, value)
            for method, address, name in asked
            for value in values
            if status_of(method, address, {name: value}) == 500
        }
        return faults, {name for _, _, name in asked}

    return asked


def public_of(here, there):
    public = {pattern for pattern, view in patterns(get_resolver(SALON)) if is_public(view)}
    found = [each for each in addresses(SALON, here, there) if each.pattern in public and not each.foreign]
    return [each for each in found if not each.path.startswith(ELSEWHERE)]


def test_no_public_page_fails_at_anything_it_is_asked(ask):
    faults, names = ask()

    assert faults == set()
    assert {"service", "member", "date", "month", "start", "order", "code", "name", "wait-email"} <= names


def test_a_page_that_fails_at_a_day_is_found(ask, monkeypatch):
    def fails(draft):
        return min([], key=str) if draft.asked.day else None

    monkeypatch.setattr(FamilyDraft, "day", property(fails))

    faults, _ = ask("/book/family/remove/")

    assert {(method, name) for method, _, name, _ in faults} == {("POST", "date")}
