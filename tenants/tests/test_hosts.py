"""Which host leads where, what is remembered about it, and what a closed salon still answers."""

import logging
import threading

import pytest
from django.conf import settings as project
from django.db import connection
from django.test import Client
from django.utils import timezone

from tenants import hosts
from tenants.models import Business, BusinessStatus, Domain, SubscriptionStatus, TenantBilling

URLS = "tenants.tests.urls"


@pytest.fixture(autouse=True)
def _site(settings):
    settings.ROOT_URLCONF = settings.PUBLIC_SCHEMA_URLCONF = URLS


@pytest.fixture
def remembered(settings):
    settings.HOST_CACHE_SECONDS = 60


def get(host, path="/", **headers):
    return Client(HTTP_HOST=host, raise_request_exception=False).get(path, **headers)


def where(host):
    response = get(host)
    return response.json()["tenant"] if response.status_code == 200 else response.status_code


def test_each_host_leads_to_its_own_salon(rosa, nora):
    domain = project.PLATFORM_DOMAIN

    assert [where(f"rosa.{domain}"), where(f"nora.{domain}:8000"), where(domain)] == ["rosa", "nora", None]


def test_a_host_of_the_salons_own_leads_to_it(rosa):
    Domain.objects.create(domain="rosa-studio.example", tenant=rosa, is_primary=False)

    assert where("rosa-studio.example") == "rosa"


@pytest.mark.parametrize(
    "host",
    [
        "nobody.{}",
        "www.{}",
        "www.rosa.{}",
        "a.rosa.{}",
        "Rosa.{}",
        "ROSA.{}",
        "rosa.{}.",
        "{}.",
        "rosa..{}",
        ".rosa.{}",
        "-rosa.{}",
        "rosa.{}:port",
        "rosa.{}:123456",
        "rosa.{}:80:80",
        "rosa.{}@evil.example",
        "rosa.{} ",
        "rosa.{}/x",
        "rosa_{}",
        "evil.example",
        "127.0.0.1",
        "10.0.0.1:8000",
        "[::1]",
        "2130706433",
        "rosa.{}\x00",
        "ro\xdfa.{}",
        "",
        "a" * 300,
    ],
)
def test_any_other_host_is_a_page_that_names_no_salon(rosa, host):
    response = get(host.format(project.PLATFORM_DOMAIN))

    assert response.status_code == 404
    assert b"There is no salon at this address" in response.content
    assert b"Rosa Studio" not in response.content


def test_no_host_at_all_is_nobodys(db):
    assert Client().get("/").status_code == 404


def test_the_forwarded_host_is_ignored(rosa, nora):
    response = get(rosa.host, HTTP_X_FORWARDED_HOST=nora.host, HTTP_FORWARDED=f"host={nora.host}")

    assert response.json()["tenant"] == "rosa"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8000", "[::1]:8000"])
def test_probes_reach_the_platform_on_the_loopback_address(db, host):
    assert get(host, "/health/live").content == b"ok"
    assert get(host, "/").status_code == 404


def test_after_a_request_the_connection_is_in_public(rosa):
    assert get(rosa.host).json()["schema"] == rosa.schema_name

    assert connection.schema_name == "public"


def test_after_an_error_the_connection_is_in_public(rosa, caplog):
    with caplog.at_level(logging.CRITICAL):
        assert get(rosa.host, "/fails/").status_code == 500

    assert connection.schema_name == "public"


VISITORS, STAFF = ["/", "/labels/"], ["/b/1/"]


@pytest.mark.parametrize(
    ("status", "closed"),
    [
        (BusinessStatus.ACTIVE, False),
        (BusinessStatus.READY, True),
        (BusinessStatus.ONBOARDING, True),
        (BusinessStatus.PAUSED, True),
        (BusinessStatus.CANCELED, True),
    ],
)
def test_a_closed_salon_says_so_to_visitors_and_works_for_the_rest(rosa, status, closed):
    Business.objects.update(status=status)

    for path in VISITORS:
        response = get(rosa.host, path)
        assert (response.status_code, response.headers.get("X-Robots-Tag")) == (200, "noindex" if closed else None)
        assert (b"Online booking is paused" in response.content) == closed
    for path in STAFF:
        assert get(rosa.host, path).content == b"ok"


@pytest.mark.parametrize(
    ("path", "paused", "ended"),
    [
        ("/b/1/", 200, 403),
        ("/admin/bookings/booking/add/", 404, 403),
        ("/api/v1/admin/bookings/1/complete", 404, 403),
        ("/accounts/login/", 404, 404),
        ("/auth/login", 404, 404),
        ("/api/v1/admin/subscription/activate", 404, 404),
        ("/api/payments/stripe/checkout/session", 404, 404),
    ],
)
def test_in_a_salon_whose_plan_has_ended_people_read_and_pay_but_change_nothing(rosa, path, paused, ended):
    """404 is this test's own site: the request got through."""
    answers = []
    for status in (BusinessStatus.PAUSED, BusinessStatus.CANCELED):
        Business.objects.update(status=status)
        answers.append(Client(HTTP_HOST=rosa.host).post(path).status_code)

    assert answers == [paused, ended]
    assert get(rosa.host, path).status_code in (200, 404)


def test_a_salon_its_owner_has_closed_is_for_reading_too_when_its_plan_ends(rosa):
    """Taken offline and then without a plan, it would be worked in for nothing otherwise."""
    Business.objects.update(status=BusinessStatus.READY)
    browser = Client(HTTP_HOST=rosa.host)
    assert browser.post("/admin/bookings/booking/add/").status_code == 404

    TenantBilling.objects.update(subscription_status=SubscriptionStatus.CANCELED, canceled_at=timezone.now())
    hosts.forget()

    assert browser.post("/admin/bookings/booking/add/").status_code == 403
    assert browser.post("/accounts/login/").status_code == 404


def test_what_cannot_be_changed_is_said_to_people_and_programs(rosa):
    Business.objects.update(status=BusinessStatus.CANCELED)
    browser = Client(HTTP_HOST=rosa.host)

    page, answer = browser.post("/b/1/"), browser.post("/api/v1/services")

    assert b"Nothing can be changed here at the moment" in page.content
    assert answer.json()["code"] == "salon_ended"


def test_a_closed_salon_answers_programs_in_json(rosa):
    Business.objects.update(status=BusinessStatus.PAUSED)

    response = get(rosa.host, "/booking/availability")

    assert (response.status_code, response.json()["code"]) == (403, "salon_closed")


def test_pages_of_the_judge_itself_carry_the_headers_of_all_pages(rosa):
    Business.objects.update(status=BusinessStatus.PAUSED)

    for response in (get(rosa.host), get("nobody.example")):
        assert "default-src 'none'" in response["Content-Security-Policy"]
        assert response["X-Frame-Options"] == "DENY"
        assert response["X-Content-Type-Options"] == "nosniff"


def test_a_known_host_costs_no_query_while_it_is_remembered(remembered, rosa, django_assert_num_queries):
    with django_assert_num_queries(1):
        hosts.business_for(rosa.host)
    with django_assert_num_queries(0):
        assert hosts.business_for(rosa.host).billing.business_id == rosa.pk


def test_an_unknown_host_is_remembered_too(remembered, db, django_assert_num_queries):
    assert hosts.business_for("nobody.example") is None
    with django_assert_num_queries(0):
        assert hosts.business_for("nobody.example") is None


def test_forgetting_a_host_shows_what_changed(remembered, rosa):
    hosts.business_for(rosa.host)
    Business.objects.filter(pk=rosa.pk).update(name="New")

    assert hosts.business_for(rosa.host).name == "Rosa Studio"
    hosts.forget(rosa.host)
    assert hosts.business_for(rosa.host).name == "New"


def test_an_entry_runs_out(settings, rosa):
    settings.HOST_CACHE_SECONDS = 0
    hosts.business_for(rosa.host)
    Business.objects.filter(pk=rosa.pk).update(name="New")

    assert hosts.business_for(rosa.host).name == "New"


def test_a_flood_of_invented_hosts_pushes_no_salon_out_and_is_bounded(remembered, rosa, monkeypatch):
    monkeypatch.setattr(hosts, "MAX_ENTRIES", 10)
    hosts.business_for(rosa.host)

    for number in range(50):
        hosts.business_for(f"nobody-{number}.example")

    assert rosa.host in hosts._entries
    assert len(hosts._entries) <= 10


def test_requests_share_no_business(remembered, rosa):
    hosts.business_for(rosa.host)
    first, second = hosts.business_for(rosa.host), hosts.business_for(rosa.host)

    first.name = first.billing.stripe_account_id = "changed"
    first.social_links["x"] = "changed"

    third = hosts.business_for(rosa.host)
    assert second.name == third.name == "Rosa Studio"
    assert second.billing.stripe_account_id == third.billing.stripe_account_id is None
    assert second.social_links == third.social_links == {}
    assert first.billing.business is first


@pytest.mark.parametrize("sent", ["abc-123", "A" * 64])
def test_a_plain_request_id_is_kept(rosa, sent):
    assert get(rosa.host, headers={"x-request-id": sent})["X-Request-ID"] == sent


@pytest.mark.parametrize("sent", ["", "A" * 65, "a b", "a\tb", "<x>", "é"])
def test_any_other_request_id_is_replaced(rosa, sent):
    received = get(rosa.host, headers={"x-request-id": sent})["X-Request-ID"]

    assert received != sent
    assert len(received) == 36


def test_every_answer_has_a_request_id_of_its_own(rosa, caplog):
    with caplog.at_level(logging.CRITICAL):
        answers = [get(rosa.host), get(rosa.host, "/fails/"), get("nobody.example"), get(rosa.host, "/missing/")]

    assert len({answer["X-Request-ID"] for answer in answers}) == 4


def test_log_lines_carry_request_and_salon(rosa, caplog):
    get(rosa.host, "/fails/", headers={"x-request-id": "abc"})

    line = next(record.msg for record in caplog.records if isinstance(record.msg, dict))
    assert (line["request_id"], line["salon"]) == ("abc", rosa.schema_name)


def test_the_next_request_of_the_thread_logs_no_old_salon(rosa, caplog):
    get(rosa.host, "/fails/")
    caplog.clear()
    get(project.PLATFORM_DOMAIN, "/fails/")

    line = next(record.msg for record in caplog.records if isinstance(record.msg, dict))
    assert "salon" not in line


def test_two_threads_looking_up_at_once_get_the_right_salons(remembered, rosa, nora, monkeypatch):
    monkeypatch.setattr(hosts, "_load", {rosa.host: rosa, nora.host: nora}.get)
    wrong = []

    def look(business):
        for _ in range(500):
            if hosts.business_for(business.host).pk != business.pk:
                wrong.append(business.slug)
            hosts.forget(business.host)

    threads = [threading.Thread(target=look, args=(business,)) for business in (rosa, nora) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
