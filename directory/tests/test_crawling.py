"""What robots are told: on the platform, on a salon's host, on a closed salon, on a host that is not to be found."""

import xml.etree.ElementTree as ET

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from bookings.tests.factories import make_member, make_service
from directory import crawling
from directory.tests.factories import list_salons
from giftcards.tests.making import make_offer
from memberships import services as memberships
from reviews.tests.conftest import completed, publish, rate
from tenants.models import Business, BusinessStatus, Domain, TenantBilling

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]

PLATFORM = "http://localhost:8000"


def addresses(answer):
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    return [node.text for node in ET.fromstring(answer.content).iter() if node.tag.endswith("}loc")]  # noqa: S314 -- ours


def robots(client):
    answer = client.get("/robots.txt")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    return answer.text.splitlines()


def test_the_platforms_map_has_its_pages_and_public_salons(platform_client, rosa, nora):
    Business.objects.filter(pk=nora.pk).update(is_public_directory=True, category="Nails", city="Paris")
    list_salons("Paused", status=BusinessStatus.PAUSED, category="Spa")

    assert addresses(platform_client.get("/sitemap.xml")) == [
        f"{PLATFORM}/",
        f"{PLATFORM}/pricing/",
        f"{PLATFORM}/directory/",
        f"{PLATFORM}/directory/nail-salon/",
        f"{PLATFORM}/directory/nail-salon/paris/",
        f"{nora.url}/",
    ]
    assert f"Sitemap: {PLATFORM}/sitemap.xml" in robots(platform_client)


def test_every_address_of_the_map_is_there_and_may_be_indexed(platform_client, settings, known_lawyer):
    list_salons("Ж", category="Barber", city="Łódź")
    list_salons("Б", category="Barber", city="東京 / 新宿")

    own = [url for url in addresses(platform_client.get("/sitemap.xml")) if url.startswith(f"{PLATFORM}/")]
    answers = {url: platform_client.get(url.removeprefix(PLATFORM)) for url in own}

    assert {url: answer.status_code for url, answer in answers.items()} == dict.fromkeys(own, 200)
    assert [url for url, answer in answers.items() if "noindex" in answer.text] == []
    assert f"{PLATFORM}/legal/terms/" in own
    assert len(own) == 10


@pytest.fixture
def known_lawyer(settings):
    for name in ("COMPANY", "EMAIL", "JURISDICTION", "CHECKED_ON"):
        setattr(settings, f"LEGAL_{name}", "known")
    settings.LEGAL_ADDRESS = ["known"]


def test_a_salon_with_a_domain_of_its_own_is_listed_there(platform_client, rosa):
    Business.objects.filter(pk=rosa.pk).update(is_public_directory=True)
    Domain.objects.create(domain="rosa-studio.example", tenant=rosa, is_primary=False)

    assert "http://rosa-studio.example/" in addresses(platform_client.get("/sitemap.xml"))
    assert 'href="http://rosa-studio.example/"' in platform_client.get("/directory/").text


def test_a_long_map_is_cut_into_files_and_loses_nothing(platform_client, monkeypatch):
    list_salons(*(f"Salon {number}" for number in range(10)), category="", city="")
    whole = addresses(platform_client.get("/sitemap.xml"))

    monkeypatch.setattr(crawling, "PER_FILE", 4)
    files = addresses(platform_client.get("/sitemap.xml"))

    assert files == [f"{PLATFORM}/sitemap.xml?part={number}" for number in (1, 2, 3, 4)]
    parts = [addresses(platform_client.get(url.removeprefix(PLATFORM))) for url in files]
    assert [url for part in parts for url in part] == whole
    assert platform_client.get("/sitemap.xml?part=5").status_code == 404
    assert platform_client.get("/sitemap.xml?part=x").status_code == 404


def test_a_salons_map_has_its_own_pages(salon_client, rosa):
    assert addresses(salon_client.get("/sitemap.xml")) == [f"{rosa.url}/"]

    Business.objects.filter(pk=rosa.pk).update(sell_gift_cards=True)
    TenantBilling.objects.filter(business=rosa).update(charges_enabled=True)

    assert addresses(salon_client.get("/sitemap.xml")) == [f"{rosa.url}/", f"{rosa.url}/gift-cards/"]


def test_a_salons_map_has_what_it_sells(salon_client, rosa, nora):
    for business in (rosa, nora):
        with tenant_context(business):
            cut = make_service()
            make_offer(cut)
            add_membership(business, cut)
    assert addresses(salon_client.get("/sitemap.xml")) == [f"{rosa.url}/"]

    TenantBilling.objects.filter(business=rosa).update(charges_enabled=True)

    sold = [f"{rosa.url}/packages/", f"{rosa.url}/memberships/"]
    assert addresses(salon_client.get("/sitemap.xml")) == [f"{rosa.url}/", *sold]


def add_membership(business, service):
    fields = {"name": "Monthly", "price_cents": 4500, "included_visits": 2}
    memberships.add_plan(business=business, fields=fields, services=[service], by=SYSTEM, now=timezone.now())


def test_a_salons_map_has_its_reviews_where_any_are_shown(salon_client, rosa):
    with tenant_context(rosa):
        service = make_service()
        make_member(performs=[service])
        review = rate(completed(rosa, service))
    assert addresses(salon_client.get("/sitemap.xml")) == [f"{rosa.url}/"]

    with tenant_context(rosa):
        publish(review)

    assert addresses(salon_client.get("/sitemap.xml")) == [f"{rosa.url}/", f"{rosa.url}/reviews/"]


def test_a_salons_robots_know_the_map_that_names_it(salon_client, other_client, rosa, nora):
    Business.objects.filter(pk=rosa.pk).update(is_public_directory=True)

    assert robots(salon_client)[-2:] == [f"Sitemap: {rosa.url}/sitemap.xml", f"Sitemap: {PLATFORM}/sitemap.xml"]
    assert [line for line in robots(other_client) if "Sitemap" in line] == [f"Sitemap: {nora.url}/sitemap.xml"]


@pytest.mark.parametrize("status", [status for status in BusinessStatus if status != BusinessStatus.ACTIVE])
def test_a_closed_salon_has_no_map_and_lets_robots_read_that_it_is_not_for_them(salon_client, rosa, status):
    Business.objects.filter(pk=rosa.pk).update(status=status, is_public_directory=True)

    lines, home = robots(salon_client), salon_client.get("/")

    assert ([line for line in lines if "Sitemap" in line], "Disallow: /" in lines) == ([], False)
    assert salon_client.get("/sitemap.xml").status_code == 404
    assert (home.status_code, home["X-Robots-Tag"]) == (200, "noindex")


def test_a_host_that_is_not_to_be_found_says_so_everywhere(platform_client, salon_client, settings):
    settings.SEARCH_ENGINES = False

    for client in (platform_client, salon_client):
        assert robots(client) == ["User-agent: *", "Disallow: /"]
        assert client.get("/sitemap.xml").status_code == 404


def test_browsers_that_look_for_an_icon_are_led_to_it(platform_client, salon_client):
    for client in (platform_client, salon_client):
        assert client.get("/favicon.ico")["Location"].startswith("/static/img/icon")


def test_what_robots_read_touches_no_session(platform_client, salon_client):
    for client in (platform_client, salon_client):
        for path in ("/robots.txt", "/sitemap.xml", "/favicon.ico"):
            answer = client.get(path)
            assert (answer.cookies, answer["Cache-Control"]) == ({}, "public, max-age=3600")
