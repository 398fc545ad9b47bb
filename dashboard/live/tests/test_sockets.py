"""Who gets a socket, what it is told, and how soon it is over: a process of its own, real Valkey, two salons."""

import time
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from django_tenants.utils import tenant_context
from websockets.exceptions import ConnectionClosed

from accounts.api_tokens.tests.making import make as make_token
from accounts.services import sign_ins
from audit.actors import SYSTEM
from bookings import services
from bookings.services import closures
from bookings.tests import factories
from dashboard.live import publishing, station
from dashboard.live.tests.listening import PATH, PROMISED, knock
from tenants.api import tokens
from tenants.models import Business, BusinessStatus, Membership, Role, User
from tenants.tests.api import PASSWORD

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("ignore:No directory at")]


def close_a_day(business, reason="Stocktaking"):
    """Something that a page shows; its id."""
    with tenant_context(business):
        day = timezone.now().date() + timedelta(days=40)
        row = closures.add_closure(first=day, last=day, reason=reason, by=SYSTEM, now=timezone.now())
        return str(row.pk)


# What is told ------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role.values)
def test_every_role_is_told_what_has_changed(role, ear, rosa, member):
    heard = ear(rosa, member(role))

    pk = close_a_day(rosa)

    assert heard.news() == {"kind": "opening", "id": pk, "what": "closure.added", "dates": []}


def test_a_visit_is_told_of_with_its_dates_and_without_names(ear, rosa, staff):
    with tenant_context(rosa):
        service = factories.make_service()
        factories.make_member(performs=[service])
        start = factories.at(rosa, "10:00")
        booking = factories.make_booking(rosa, service, start)
    heard = ear(rosa, staff)

    with tenant_context(rosa):
        later = start + timedelta(days=1)
        services.reschedule_booking(business=rosa, booking=booking, start=later, by=SYSTEM, now=timezone.now())

    dates = [start.astimezone(rosa.zone).date().isoformat(), later.astimezone(rosa.zone).date().isoformat()]
    assert heard.news() == {"kind": "visit", "id": str(booking.pk), "what": "booking.rescheduled", "dates": dates}


def test_a_salon_hears_nothing_of_another(ear, rosa, nora, member):
    ours, theirs = ear(rosa, member("staff")), ear(nora, member("staff", nora))

    foreign = close_a_day(nora)
    own = close_a_day(rosa)

    assert [theirs.news()["id"], ours.news()["id"]] == [foreign, own]
    assert (ours.news(seconds=1), theirs.news(seconds=0.1)) == (None, None)


def test_another_installation_on_the_same_server_is_not_heard(ear, rosa, staff, settings):
    """What is published goes through all databases of a server; two installations may share one."""
    heard = ear(rosa, staff)
    layer = settings.CHANNEL_LAYERS["default"]
    config = layer["CONFIG"]
    assert config["prefix"] == f"live.{urlsplit(settings.REDIS_URL).path[1:]}."

    with override_settings(CHANNEL_LAYERS={"default": layer | {"CONFIG": config | {"prefix": "live.99."}}}):
        publishing.forget()
        close_a_day(rosa, reason="Not heard")
    publishing.forget()
    own = close_a_day(rosa)

    assert (heard.news()["id"], heard.news(seconds=1)) == (own, None)


def test_who_belongs_to_two_salons_hears_the_one_whose_page_is_open(ear, rosa, nora, member):
    person = member("viewer")
    Membership.objects.create(user=person, business=nora, role=Role.OWNER)
    at_rosa, at_nora = ear(rosa, person), ear(nora, person)

    foreign, own = close_a_day(nora), close_a_day(rosa)

    assert [at_nora.news()["id"], at_rosa.news()["id"]] == [foreign, own]
    assert (at_rosa.news(seconds=1), at_nora.news(seconds=0.1)) == (None, None)


def test_what_is_taken_back_is_never_told(ear, rosa, staff):
    heard = ear(rosa, staff)

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        close_a_day(rosa)
        raise ZeroDivisionError
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            close_a_day(rosa)
            raise ZeroDivisionError
        kept = close_a_day(rosa)

    assert (heard.news()["id"], heard.news(seconds=1)) == (kept, None)


# Who is refused ----------------------------------------------------------------------------------


@pytest.fixture
def knocks(sockets, rosa, member, cookie_of):
    """`knocks(host=…, origin=…, cookie=…)`: the answer to what a page of rosa's staff says, or to something else."""
    good = {"host": f"{rosa.host}:{sockets}", "origin": rosa.url, "cookie": cookie_of(rosa, member("staff"))}

    def answer(path=PATH, more=(), **other):
        said = good | other
        headers = [f"Host: {said['host']}", f"Cookie: sessionid={said['cookie']}", *more]
        return knock(sockets, *headers, *([f"Origin: {said['origin']}"] if said["origin"] else []), path=path)

    return answer


def test_the_right_page_is_let_in(knocks):
    assert knocks() == 101


@pytest.mark.parametrize("origin", ["", "null", "sibling", "https", "other port", "longer", "path"])
def test_other_origins_are_refused(origin, knocks, rosa, nora):
    named = {
        "sibling": nora.url,
        "https": rosa.url.replace("http:", "https:"),
        "other port": rosa.url.rpartition(":")[0] + ":81",
        "longer": rosa.url.replace("localhost", "localhost.evil.example"),
        "path": f"{rosa.url}/",
    }

    assert knocks(origin=named.get(origin, origin)) == 403


@pytest.mark.parametrize(
    "host",
    [
        "nora.localhost",
        "localhost",
        "nobody.localhost",
        "127.0.0.1",
        "ROSA.localhost",
        "rosa.localhost.",
        "x.rosa.localhost",
    ],
)
def test_other_hosts_are_refused(host, knocks, nora):
    assert knocks(host=host) == 403


def test_two_hosts_or_origins_are_nobodys(knocks, rosa, nora):
    assert knocks(more=[f"Host: {nora.host}"]) == 400
    assert knocks(more=[f"Origin: {nora.url}"]) == 400


def test_what_a_proxy_says_of_the_host_does_not_count(knocks, rosa, nora):
    assert knocks(host=nora.host, more=[f"X-Forwarded-Host: {rosa.host}"]) == 403


@pytest.mark.parametrize("path", ["/ws/", "/ws/dashboard", "/ws/dashboard/x", "/"])
def test_other_paths_are_refused(path, knocks):
    assert knocks(path=path) == 403


@pytest.mark.parametrize("cookie", ["", "x" * 32, "../../x", "x" * 4000])
def test_strangers_are_refused(cookie, knocks):
    assert knocks(cookie=cookie) == 403


def test_a_session_of_another_salon_is_nobodys_here(knocks, nora, cookie_of):
    person = User.objects.get(email="staff@rosa.example")
    Membership.objects.create(user=person, business=nora, role=Role.OWNER)

    assert knocks(cookie=cookie_of(nora, person)) == 403


def test_a_session_of_the_platform_is_nobodys_here(knocks, client_for):
    person = User.objects.get(email="staff@rosa.example")

    assert knocks(cookie=client_for(None, person).cookies["sessionid"].value) == 403


def test_members_of_another_salon_are_refused(knocks, rosa, nora, member, cookie_of):
    assert knocks(cookie=cookie_of(rosa, member("owner", nora))) == 403


def test_operators_without_access_are_refused(knocks, rosa, cookie_of):
    operator = User.objects.create_user("olga@tithi.example", PASSWORD, is_operator=True)

    assert knocks(cookie=cookie_of(rosa, operator)) == 403


def test_a_session_that_has_run_out_is_refused(knocks, rosa):
    with tenant_context(rosa):
        Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    assert knocks() == 403


@pytest.mark.parametrize("of", ["here", "elsewhere"])
@pytest.mark.parametrize("kind", ["access token", "API token"])
def test_programs_are_refused(kind, of, knocks, rosa, nora, member):
    """Sockets are for pages: whatever a program may read, of this salon or of another, no token opens one."""
    business = rosa if of == "here" else nora
    owner = member("owner", business)
    is_key = kind == "API token"
    token = make_token(business, owner)[1] if is_key else tokens.issue(user=owner, business=business)["access"]

    assert knocks(cookie="", more=[f"Authorization: Bearer {token}"]) == 403
    assert knocks(cookie=token) == 403


@pytest.mark.parametrize("status", [status for status in BusinessStatus.values if status != "active"])
def test_a_salon_that_is_not_open_has_no_sockets(status, knocks, rosa):
    Business.objects.filter(pk=rosa.pk).update(status=status)

    assert knocks() == 403


# How soon it is over -----------------------------------------------------------------------------


def sign_out(client, person):
    client.post("/accounts/logout/")


def end_sign_in(client, person):
    sign_ins.end_all(user=person)


def change_password(client, person):
    person.set_password("another horse battery")
    person.save()


def lose_a_role(client, person):
    Membership.objects.filter(user=person).update(role=Role.VIEWER)


def be_taken_out(client, person):
    Membership.objects.filter(user=person).delete()


def be_switched_off(client, person):
    User.objects.filter(pk=person.pk).update(is_active=False)


def salon_is_paused(client, person):
    Business.objects.filter(slug="rosa").update(status=BusinessStatus.PAUSED)


def salon_gets_another_address(client, person):
    Business.objects.filter(slug="rosa").update(slug="rosalia")


ENDS = [
    sign_out,
    end_sign_in,
    change_password,
    lose_a_role,
    be_taken_out,
    be_switched_off,
    salon_is_paused,
    salon_gets_another_address,
]


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_who_may_no_longer_listen_is_cut_off_within_five_seconds(end, ear, client_for, rosa, nora, member):
    person = member("admin")
    client = client_for(rosa, person)
    heard = ear(rosa, person, cookie=client.cookies["sessionid"].value)
    bystander = ear(nora, member("staff", nora))

    end(client, person)

    seconds, code = heard.closed_after()
    assert code == station.NOT_ALLOWED
    assert seconds < PROMISED
    assert bystander.news(seconds=0.1) is None  # and is open still


def test_signing_out_is_noticed_at_once(ear, client_for, rosa, staff):
    client = client_for(rosa, staff)
    heard = ear(rosa, staff, cookie=client.cookies["sessionid"].value)
    time.sleep(0.5)

    sign_out(client, staff)

    assert heard.closed_after()[0] < 1.5


# Limits ------------------------------------------------------------------------------------------


def test_a_person_has_twenty_pages(ear, knocks, rosa, member, cookie_of):
    owner = member("owner", rosa)
    cookie = cookie_of(rosa, owner)
    pages = [ear(rosa, owner, cookie=cookie) for _ in range(station.MOST_A_PERSON)]

    assert knocks(cookie=cookie) == 403
    assert knocks(cookie=cookie_of(rosa, member("viewer"))) == 101

    pages[0].close()
    time.sleep(0.2)
    assert knocks(cookie=cookie) == 101


@pytest.mark.parametrize(("said", "code"), [("hello", 1008), ("x" * 5000, 1009)], ids=["anything", "too much"])
def test_a_page_that_talks_is_hung_up_on(said, code, ear, rosa, staff):
    heard = ear(rosa, staff)

    heard.socket.send(said)

    assert heard.closed_after()[1] == code


def test_pages_of_a_closed_socket_hear_nothing_more(ear, rosa, staff):
    heard = ear(rosa, staff)
    Membership.objects.filter(user=staff).delete()
    heard.closed_after()

    close_a_day(rosa)

    with pytest.raises(ConnectionClosed):
        heard.news()
