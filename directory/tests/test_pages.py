"""The platform's public pages as a browser without scripts gets them."""

import re

import pytest

from directory.legal import PAGES
from directory.tests.factories import list_salons
from tenants.models import Business, BusinessStatus

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]

OPERATOR = {
    "LEGAL_COMPANY": "Salon Software LLC",
    "LEGAL_ADDRESS": ["1 Main Street", "Albany, NY 12207"],
    "LEGAL_EMAIL": "legal@salons.example",
    "LEGAL_JURISDICTION": "the State of New York",
    "LEGAL_CHECKED_ON": "2026-12-01",
}


@pytest.fixture
def known_operator(settings):
    for name, value in OPERATOR.items():
        setattr(settings, name, value)


def page(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status
    return answer.text


def cards(html):
    return re.findall(r'<h3><a class="plain" href="[^"]+">([^<]+)</a>', html)


@pytest.mark.parametrize("path", ["/", "/pricing/"])
def test_prices_are_those_of_the_settings(platform_client, settings, path):
    settings.SUBSCRIPTION_PRICE_CENTS, settings.APPLICATION_FEE_BASIS_POINTS = 1299, 150

    html = page(platform_client, path)

    assert ("$12.99" in html, "1.5%" in html, "$11.99" in html) == (True, True, False)


@pytest.mark.parametrize("path", ["/", "/pricing/", "/directory/"])
def test_whoever_wants_a_salon_is_led_to_the_wizard(platform_client, client_for, owner, path):
    assert 'href="/accounts/signup/?next=%2Fonboarding%2F"' in page(platform_client, path)
    assert 'href="/onboarding/"' in page(client_for(None, owner), path)
    assert 'name="next" value="/onboarding/"' in page(platform_client, "/accounts/signup/?next=%2Fonboarding%2F")


def test_demo_salons_stand_on_a_developers_machine_only(platform_client, settings, rosa):
    Business.objects.filter(pk=rosa.pk).update(slug="luna")

    settings.LOCAL = True
    assert "Demo salons" in page(platform_client, "/")

    settings.LOCAL = False
    assert "Demo salons" not in page(platform_client, "/")


@pytest.mark.parametrize("name", PAGES)
def test_a_legal_page_is_a_draft_until_the_operator_is_known(platform_client, settings, known_operator, name):
    html = page(platform_client, f"/legal/{name}/")

    assert ("Draft: have this checked" in html, "noindex" in html) == (False, False)
    assert ("Salon Software LLC" in html, "Albany, NY 12207" in html) == (True, True)

    settings.LEGAL_JURISDICTION = ""
    html = page(platform_client, f"/legal/{name}/")

    assert ("Draft: have this checked" in html, "noindex" in html) == (True, True)
    assert "has not yet said: the jurisdiction." in html


def test_other_legal_pages_are_not_there(platform_client):
    page(platform_client, "/legal/base/", status=404)


def test_the_operators_words_are_text(platform_client, settings):
    settings.LEGAL_COMPANY = "<script>alert(1)</script>"

    assert "<script>alert" not in page(platform_client, "/legal/imprint/")


def test_the_directory_shows_public_salons_and_no_others(platform_client, rosa, nora):
    Business.objects.filter(pk=nora.pk).update(
        is_public_directory=True, city="Paris", description="Rue <b>Oberkampf</b>"
    )
    list_salons("Paused", status=BusinessStatus.PAUSED)
    list_salons("Private", is_public_directory=False)

    html = page(platform_client, "/directory/")

    assert cards(html) == [nora.name]
    assert f'href="{nora.url}/"' in html
    assert "Rue &lt;b&gt;Oberkampf&lt;/b&gt;" in html


def test_a_kind_and_a_city_have_pages_of_their_own(platform_client):
    list_salons("Fade", category="Barber & spa", city="Zürich")
    list_salons("Cut", category="Hair salon", city="Zürich")

    html = page(platform_client, "/directory/barbershop/zurich/")

    assert cards(html) == ["Fade"]
    assert "<h1>Barbershops in Zürich</h1>" in html
    assert '<link rel="canonical" href="http://localhost:8000/directory/barbershop/zurich/">' in html
    assert "noindex" not in html


@pytest.mark.parametrize(
    "path",
    [
        "/directory/plumbers/",
        "/directory/barbershop/atlantis/",
        "/directory/plumbers/zurich/",
        "/directory/?page=2",
        "/directory/?page=0",
        "/directory/?page=x",
    ],
)
def test_pages_of_nothing_are_not_there(platform_client, path):
    list_salons("Fade", category="Barber", city="Zürich")

    page(platform_client, path, status=404)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=fade", ["Fade"]),
        ("place=zurich", ["Cut", "Fade"]),
        ("category=barbershop", ["Fade"]),
        ("city=zurich&q=cut", ["Cut"]),
        ("country=ch", ["Cut", "Fade"]),
        ("q=nobody", []),
        ("q=%00&place=%25", []),
    ],
)
def test_the_search_form_narrows(platform_client, query, found):
    list_salons("Fade", category="Barber", city="Zürich", country="CH")
    list_salons("Cut", category="Hair", city="Zürich", country="CH")
    list_salons("Elsewhere", category="Hair", city="Paris", country="FR")

    html = page(platform_client, f"/directory/?{query}")

    assert (cards(html), "No salon fits that" in html) == (found, not found)


def test_an_unknown_kind_in_the_form_is_said_and_everything_else_counts(platform_client):
    list_salons("Fade", "Cut")

    html = page(platform_client, "/directory/?category=plumber&q=fade")

    assert cards(html) == ["Fade"]
    assert "Select a valid choice" in html


def test_what_was_typed_is_not_for_search_engines_and_comes_back_as_text(platform_client):
    html = page(platform_client, "/directory/?q=%22%3E%3Cscript%3E")

    assert 'name="robots" content="noindex"' in html
    assert "&quot;&gt;&lt;script&gt;" in html


def test_an_empty_directory_says_so(platform_client):
    assert "No salons are listed yet" in page(platform_client, "/directory/")


@pytest.mark.parametrize("salons", [10, 1000])
def test_the_page_asks_equally_often_for_any_number_of_salons(platform_client, salons, django_assert_num_queries):
    list_salons(*(f"Salon {number}" for number in range(salons)), city="Brooklyn")
    page(platform_client, "/directory/")

    with django_assert_num_queries(2):
        page(platform_client, "/directory/")


def test_a_salons_initial_is_readable_on_its_colour(platform_client):
    list_salons("Émile", primary_color="#FFE14D")
    list_salons("«Nora»", primary_color="#0b1f3a")

    html = page(platform_client, "/directory/")

    assert re.findall(r'<circle[^>]*fill="([^"]+)"/><text[^>]*fill="([^"]+)">(.)', html) == [
        ("#0b1f3a", "#ffffff", "N"),
        ("#ffe14d", "#000000", "É"),
    ]


def test_every_page_leads_to_the_pages_of_law(platform_client, salon_client, rosa):
    for path in ("/", "/pricing/", "/directory/", "/accounts/login/", "/nowhere/"):
        html = platform_client.get(path).text
        assert {f'href="/legal/{name}/"' in html for name in PAGES} == {True}

    assert 'href="http://localhost:8000/legal/privacy/"' in salon_client.get("/").text
