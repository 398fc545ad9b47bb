"""An owner's pages about one salon: everything on them is a form or a link, and nobody else gets in."""

import io
import re
import time
import zipfile
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags
from django_tenants.utils import tenant_context

from audit.models import AuditEntry
from bookings import ics
from bookings.tests.factories import at, make_booking, make_member, make_service
from onboarding.domains.tests.conftest import name_server, publish
from onboarding.manage import cards, moving
from onboarding.models import OnboardingProgress
from payments.models import Dispute
from tenants.models import Business, BusinessStatus, CustomDomain, Departure, Domain, Membership, ReleasedSlug, Role
from tenants.tests.api import ELSEWHERE, NO_STATIC, PASSWORD

__all__ = ["name_server", "publish"]

pytestmark = NO_STATIC
PAGES = ("", "address/", "domain/", "export/", "leave/")
PRESSES = ("address/", "domain/", "export/", "leave/", "leave/stay/", "domain/{}/check/", "domain/{}/remove/")


@pytest.fixture
def signed_in(client_for):
    """`signed_in(person)`: a browser whose owner has typed their password a moment ago."""

    def sign_in(person):
        person.set_password(PASSWORD)
        person.save()
        browser = client_for(None)
        browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
        browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
        return browser

    return sign_in


@pytest.fixture
def browser(signed_in, owner):
    return signed_in(owner)


def path(business, page=""):
    return f"/businesses/{business.pk}/{page}"


def seen(response):
    return " ".join(unescape(strip_tags(response.text)).split())


def download(browser, business):
    answer = browser.post(path(business, "export/"))
    return answer, b"".join(answer.streaming_content)


def own_name(business, domain="rosa-studio.example"):
    return CustomDomain.objects.create(business=business, domain=domain, token="tithi-1", created_at=timezone.now())


# Who gets in ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_only_the_owner_sees_them(rosa, nora, browser, member, signed_in, platform_client, page):
    own = browser.get(path(rosa, page)).status_code
    team = {signed_in(member(role)).get(path(rosa, page)).status_code for role in ("viewer", "staff", "admin")}
    outsider = signed_in(member("admin", nora)).get(path(rosa, page)).status_code

    assert (own, team, outsider) == (200, {403}, 404)
    assert browser.get(path(nora, page)).status_code == 404
    assert platform_client.get(path(rosa, page)).url.startswith("/accounts/login/")


@pytest.mark.parametrize("page", PRESSES)
def test_only_the_owner_presses(rosa, nora, browser, member, signed_in, platform_client, page):
    page = page.format(own_name(rosa).pk)
    press = {"slug": "taken-over", "domain": "x.example", "name": rosa.name}

    team = {signed_in(member(role)).post(path(rosa, page), press).status_code for role in ("viewer", "admin")}
    outsider = signed_in(member("admin", nora)).post(path(rosa, page), press).status_code
    stranger = platform_client.post(path(rosa, page), press)

    assert (team, outsider, stranger.status_code) == ({403}, 404, 302)
    assert Business.objects.get(pk=rosa.pk).slug == "rosa"
    assert (CustomDomain.objects.count(), Departure.objects.count()) == (1, 0)


@pytest.mark.parametrize("page", PRESSES)
def test_another_sites_form_presses_nothing(rosa, owner, page):
    strict = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
    strict.force_login(owner)

    assert strict.post(path(rosa, page.format(own_name(rosa).pk)), {"name": rosa.name}).status_code == 403
    assert (CustomDomain.objects.count(), Departure.objects.count()) == (1, 0)


@pytest.mark.parametrize("page", ["leave/", "export/"])
def test_what_matters_asks_who_it_is_again(rosa, owner, client_for, page):
    """A browser that was left open somewhere neither closes a salon nor takes its customers along."""
    owner.set_password(PASSWORD)
    owner.save()
    left_open = client_for(None, owner)

    answers = [left_open.get(path(rosa, page)), left_open.post(path(rosa, page), {"name": rosa.name})]

    assert ["/accounts/reauthenticate/" in answer.url for answer in answers] == [True, True]
    assert Departure.objects.count() == 0


@pytest.mark.parametrize("page", ["leave/", "export/"])
def test_who_has_no_password_has_to_have_signed_in_just_now(rosa, owner, client_for, page):
    left_open = client_for(None, owner)

    answers = [left_open.get(path(rosa, page)), left_open.post(path(rosa, page), {"name": rosa.name})]
    assert [answer.url for answer in answers] == [path(rosa)] * 2

    session = left_open.session
    session["account_authentication_methods_user"] = str(owner.pk)
    session["account_authentication_methods"] = [{"method": "code", "at": time.time() - 10}]
    session.save()
    assert left_open.get(path(rosa, page)).status_code == 200
    assert Departure.objects.count() == 0


@pytest.mark.parametrize("page", ["domain/{}/check/", "domain/{}/remove/", "leave/stay/"])
def test_following_a_link_presses_nothing(rosa, browser, page):
    assert browser.get(path(rosa, page.format(own_name(rosa).pk))).status_code == 405


def test_another_salons_domain_is_not_there(rosa, nora, browser):
    theirs = own_name(nora)

    answers = [browser.post(path(rosa, f"domain/{theirs.pk}/{verb}/")).status_code for verb in ("check", "remove")]

    assert answers == [404, 404]
    assert CustomDomain.objects.filter(pk=theirs.pk).exists()


# The salon -----------------------------------------------------------------------------------------


def test_the_list_of_salons_leads_there_and_to_another_location(rosa, browser):
    page = browser.get("/businesses/").text

    assert f'href="/businesses/{rosa.pk}/"' in page
    assert f'href="/onboarding/?new=1&amp;like={rosa.pk}"' in page


def test_who_works_in_a_salon_is_not_led_to_what_is_closed_to_them(rosa, member, signed_in):
    assert f'href="/businesses/{rosa.pk}/"' not in signed_in(member("admin")).get("/businesses/").text


def test_the_salons_page_leads_everywhere(rosa, browser, monkeypatch):
    monkeypatch.setattr(cards, "_more", [])

    page = browser.get(path(rosa))

    assert re.findall(r"<h2>([^<]+)</h2>", page.text) == [
        "Settings",
        "Address",
        "Your own domain",
        "Plan and Stripe",
        "Team",
        "Your data",
        "Leaving",
    ]
    for link in ("address/", "domain/", "export/", "leave/"):
        assert f'href="{path(rosa, link)}"' in page.text
    assert f'href="/billing/{rosa.pk}/"' in page.text
    assert f'href="/onboarding/business/?salon={rosa.pk}"' in page.text
    assert f'href="{rosa.url}/admin/team-access/"' in page.text


def test_before_it_opens_the_page_says_what_is_left(opened, newcomer, client_for):
    page = client_for(None, newcomer).get(path(opened.business)).text

    assert "10 steps to go before customers can book." in page
    assert f'href="/onboarding/?salon={opened.pk}"' in page
    assert f'href="/onboarding/?salon={opened.pk}"' in client_for(None, newcomer).get("/businesses/").text


def test_what_was_left_for_later_stays_on_the_list(furnished, newcomer, client_for, local_stripe):
    browser = client_for(None, newcomer)
    browser.post("/onboarding/gift-cards/", {"salon": furnished.pk, "skip": "1"})
    browser.post("/onboarding/go-live/", {"salon": furnished.pk, "open": "1"})

    assert "Left for later: Gift cards." in browser.get(path(furnished.business)).text


def test_others_add_their_cards(rosa, browser, monkeypatch):
    monkeypatch.setattr(cards, "_more", [])
    cards.register(lambda business, now: cards.Card("Support", f"Nobody reads {business.name}.", "/x/", "Who did"))
    cards.register(lambda business, now: None)

    assert "Nobody reads Rosa Studio." in browser.get(path(rosa)).text


def test_an_owner_of_two_sees_the_one_that_was_asked_for(rosa, nora, owner, browser):
    Membership.objects.filter(business=nora).delete()
    Membership.objects.create(user=owner, business=nora, role=Role.OWNER)

    assert "Maison Nora" in seen(browser.get(path(nora)))
    assert "Rosa Studio" not in seen(browser.get(path(nora)))


# Address -------------------------------------------------------------------------------------------


def test_a_new_address_is_taken_and_said(rosa, browser, owner):
    page = browser.post(path(rosa, "address/"), {"slug": " Rosa-New "}, follow=True)

    assert "Your salon’s address is rosa-new.localhost now." in seen(page)
    assert "These old addresses lead there: rosa.localhost" in seen(page)
    with tenant_context(rosa):
        entry = AuditEntry.objects.get(action="salon.moved")
        assert (entry.before, entry.after, entry.actor_id) == ({"slug": "rosa"}, {"slug": "rosa-new"}, owner.pk)


def test_a_visit_stays_the_same_in_calendars_when_the_salon_moves(rosa, browser):
    with tenant_context(rosa):
        service = make_service()
        make_member(performs=[service])
        visit = make_booking(rosa, service, at(rosa))

    def uid():
        with tenant_context(rosa):
            business = Business.objects.get(pk=rosa.pk)
            file = ics.calendar_file(business=business, booking=visit, now=timezone.now())
        return re.search(r"^UID:(.+)$", file, re.M)[1].strip()

    before = uid()
    browser.post(path(rosa, "address/"), {"slug": "rosa-new"})

    assert uid() == before


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [
        ("ab", "at least 3 characters"),
        ("ro sa", "Use 3 to 40 small letters"),
        ("www", "This name is reserved."),
        ("nora", "This name is taken. Please choose another one. Free are: nora-studio, nora-salon, the-nora."),
    ],
)
def test_a_name_that_cannot_be_had_is_said(rosa, nora, browser, slug, sentence):
    page = browser.post(path(rosa, "address/"), {"slug": slug})

    assert sentence in seen(page)
    assert Business.objects.get(pk=rosa.pk).slug == "rosa"


@pytest.mark.parametrize(
    ("status", "live", "kept"),
    [
        (BusinessStatus.ACTIVE, False, True),
        (BusinessStatus.PAUSED, False, True),
        (BusinessStatus.READY, True, True),
        (BusinessStatus.READY, False, False),
        (BusinessStatus.ONBOARDING, False, False),
    ],
)
def test_the_old_address_is_kept_where_anybody_can_have_seen_it(rosa, browser, status, live, kept):
    Business.objects.filter(pk=rosa.pk).update(status=status)
    if live:
        now = timezone.now()
        OnboardingProgress.objects.create(
            id=rosa.pk, business=rosa, name="x", provisioning="done", started_at=now, live_at=now
        )

    page = browser.get(path(rosa, "address/"))
    browser.post(path(rosa, "address/"), {"slug": "rosa-new"})

    assert ("Nobody else gets the old name for 90 days" in seen(page)) == kept
    assert Domain.objects.filter(domain="rosa.localhost").exists() == kept
    assert ReleasedSlug.objects.filter(slug="rosa").exists() == kept


def test_a_salon_keeps_three_old_names_from_the_others_and_no_more(rosa, browser):
    for number in range(3):
        browser.post(path(rosa, "address/"), {"slug": f"rosa-{number}"})

    refused = browser.post(path(rosa, "address/"), {"slug": "rosa-3"})
    assert moving.TooManyMoves.message in seen(refused)
    assert Business.objects.get(pk=rosa.pk).slug == "rosa-2"

    browser.post(path(rosa, "address/"), {"slug": "rosa"})
    assert Business.objects.get(pk=rosa.pk).slug == "rosa"


# Its own domain ------------------------------------------------------------------------------------


def test_a_domain_is_added_with_what_to_write_into_the_dns(rosa, browser):
    page = browser.post(path(rosa, "domain/"), {"domain": "https://Rosa-Studio.example/x"}, follow=True)

    row = CustomDomain.objects.get()
    assert "rosa-studio.example Records in the DNS" in seen(page)
    assert f"TXT _tithi-verify.rosa-studio.example {row.token}" in seen(page)
    assert "CNAME rosa-studio.example rosa.localhost" in seen(page)


def test_what_is_no_domain_is_said(rosa, browser):
    page = browser.post(path(rosa, "domain/"), {"domain": "192.0.2.1"})

    assert "This is not the name of a web site." in seen(page)
    assert CustomDomain.objects.count() == 0


def test_a_check_says_what_is_missing_and_then_that_all_is_well(rosa, browser, name_server, publish):
    row = own_name(rosa)

    missing = browser.post(path(rosa, f"domain/{row.pk}/check/"), follow=True)
    publish(row)
    well = browser.post(path(rosa, f"domain/{row.pk}/check/"), follow=True)

    assert "does not hold your token yet." in seen(missing)
    assert "This name leads to your booking page." in seen(well)
    assert "In use" in seen(well)
    assert "rosa-studio.example" in seen(browser.get(path(rosa)))


def test_a_domain_that_fails_says_until_when_it_is_used(rosa, browser):
    row, now = own_name(rosa), timezone.now()
    CustomDomain.objects.update(verified_at=now, failing_since=now, problem="It leads elsewhere.")

    page = seen(browser.get(path(rosa, "domain/")))

    assert (
        "Needs you rosa-studio.example It leads elsewhere. If this stays so, the name is not used any more from" in page
    )
    assert row.token in page


def test_a_domain_is_removed(rosa, browser):
    row = own_name(rosa)

    assert "The name is removed." in seen(browser.post(path(rosa, f"domain/{row.pk}/remove/"), follow=True))
    assert CustomDomain.objects.count() == 0


def test_checks_are_limited(rosa, browser, name_server):
    row = own_name(rosa)
    CustomDomain.objects.update(verified_at=None)

    for _ in range(31):
        page = browser.post(path(rosa, f"domain/{row.pk}/check/"), REMOTE_ADDR=ELSEWHERE, follow=True)

    assert "Too many attempts." in seen(page)


# Taking along --------------------------------------------------------------------------------------


def test_everything_is_downloaded_by_a_press(rosa, browser):
    answer, file = download(browser, rosa)

    assert answer["Content-Disposition"] == 'attachment; filename="rosa.zip"'
    assert "no-store" in answer["Cache-Control"]
    found = zipfile.ZipFile(io.BytesIO(file))
    assert found.testzip() is None
    assert "csv/bookings.customer.csv" in found.namelist()


def test_downloads_are_limited(rosa, browser):
    answers = [browser.post(path(rosa, "export/"), REMOTE_ADDR=ELSEWHERE) for _ in range(6)]

    assert [answer.streaming for answer in answers] == [True] * 5 + [False]
    assert "Too many attempts." in seen(answers[5])
    assert all(zipfile.is_zipfile(io.BytesIO(b"".join(answer.streaming_content))) for answer in answers[:5])


# Leaving -------------------------------------------------------------------------------------------


def test_the_page_says_what_leaving_means(rosa, browser):
    page = seen(browser.get(path(rosa, "leave/")))

    for sentence in (
        "The booking page closes at once, on every address.",
        "No visits are to come.",
        "For 30 days you and your team can sign in and read everything",
        "Your account at Stripe, and the money in it, stay yours.",
    ):
        assert sentence in page


def test_leaving_needs_the_salons_name(rosa, browser):
    page = browser.post(path(rosa, "leave/"), {"name": "Rosa"})

    assert "This is not the salon’s name. Nothing was changed." in seen(page)
    assert Departure.objects.count() == 0


def test_a_salon_is_closed_and_kept_again(rosa, browser, client_for):
    closed = browser.post(
        path(rosa, "leave/"), {"name": "rosa studio", "reason": "Enough.", "cancel_visits": "on"}, follow=True
    )

    departure = Departure.objects.get()
    assert "Rosa Studio is closed and will be erased on" in seen(closed)
    assert (departure.reason, departure.cancel_visits) == ("Enough.", True)
    assert "Online booking is paused" in client_for(rosa).get("/").text
    assert "Rosa Studio is closed and will be erased on" in seen(browser.get(path(rosa)))
    assert zipfile.is_zipfile(io.BytesIO(download(browser, rosa)[1]))

    kept = browser.post(path(rosa, "leave/stay/"), follow=True)
    assert "Rosa Studio stays." in seen(kept)
    assert Business.objects.get(pk=rosa.pk).status == "active"


def test_what_keeps_a_salon_from_being_erased_is_said_before_and_after(rosa, browser):
    with tenant_context(rosa):
        Dispute.objects.create(
            stripe_id="dp_1", charge_id="ch_1", amount_cents=1, currency_code="USD", opened_at=timezone.now()
        )
    sentence = "A bank has not decided about a payment yet."

    assert sentence in seen(browser.get(path(rosa, "leave/")))
    assert sentence in seen(browser.post(path(rosa, "leave/"), {"name": rosa.name}, follow=True))


def test_asked_for_twice_is_said(rosa, browser):
    assert "is not being closed" in seen(browser.post(path(rosa, "leave/stay/"), follow=True))
