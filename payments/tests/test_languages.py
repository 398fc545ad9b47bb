"""Whoever books chooses the language they are written to in: on the page, by the browser, by a program."""

import pytest
from django.utils import timezone

from audit.actors import SYSTEM
from bookings.models import Booking
from bookings.services.profile import change_languages
from payments.tests.test_api_checkout import CREATE, order
from payments.tests.test_pages import TYPED, cut, press
from tenants.tests.api import NO_STATIC, Api

__all__ = ["cut", "press"]
pytestmark = [pytest.mark.django_db, NO_STATIC]
GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}


@pytest.fixture
def spoken(salon):
    """The salon speaks English, and German to whoever asks."""
    change_languages(business=salon, language="en", others=["de"], by=SYSTEM, now=timezone.now())
    return salon


def test_the_page_offers_what_the_browser_asks_for_and_keeps_what_is_chosen(spoken, salon_client, press):
    booking, url = press()

    assert salon_client.get(url, headers=GERMAN).context["form"]["language"].value() == "de"
    assert salon_client.get(url).context["form"]["language"].value() == "en"
    salon_client.post(url, TYPED | {"language": "de"})

    booking.refresh_from_db()
    assert (booking.status, booking.language) == ("confirmed", "de")


def test_a_language_that_is_not_offered_is_refused(spoken, salon_client, press):
    booking, url = press()

    answer = salon_client.post(url, TYPED | {"language": "fr"})

    assert answer.context["form"].errors == {"language": ["Please choose one of these languages."]}
    booking.refresh_from_db()
    assert booking.status == "hold"


def test_nobody_is_asked_where_there_is_one_language(salon, salon_client, press):
    booking, url = press()

    assert "language" not in salon_client.get(url, headers=GERMAN).context["form"].fields
    salon_client.post(url, TYPED | {"language": "de"})

    booking.refresh_from_db()
    assert (booking.status, booking.language) == ("confirmed", "")


@pytest.mark.parametrize(
    ("said", "headers", "kept"),
    [
        ({"language": "de"}, {}, "de"),
        ({}, GERMAN, "de"),
        ({"language": "en"}, GERMAN, "en"),
        ({"language": "fr"}, {}, ""),
    ],
    ids=["in the body", "by the header", "the body first", "not offered"],
)
def test_a_program_says_it_or_its_header_does(spoken, cut, said, headers, kept):
    answer = Api(spoken).post(CREATE, order(spoken, cut, **said), **headers)

    assert (answer.status_code, Booking.objects.get().language) == (201, kept)


def test_a_language_there_is_not_is_refused_by_name(spoken, cut):
    answer = Api(spoken).post(CREATE, order(spoken, cut, language="tlh"))

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["language"])
    assert not Booking.objects.exists()
