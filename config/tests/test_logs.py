"""What the logs say: of which salon a line is, and nothing of its people."""

import io
import json
import logging

import pytest

from bookings import links
from bookings.models import Booking
from bookings.tests.conftest import ann, cut, works_here
from bookings.tests.factories import at
from config.logs import logging_config, without_links
from payments import links as pay_links
from payments.tests.conftest import account, local_stripe, stripe_server
from payments.tests.making import book, with_fees
from tenants.tests.api import ELSEWHERE, NO_STATIC, Api, cheap_passwords

__all__ = ["account", "ann", "cheap_passwords", "cut", "local_stripe", "stripe_server", "works_here"]
pytestmark = NO_STATIC
WHO = {"name": "Ottilie Zwiebelfisch", "email": "ottilie@zwiebelfisch.example", "phone": "+12125550142"}
ID = "0d6f0b1c-5b0e-4c4f-9a55-0123456789ab"


@pytest.fixture
def lines():
    """Every line as it is written in production, from now on."""
    formatter = logging_config(json=True)["formatters"]["lines"]
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter.pop("()")(**formatter))
    loggers = [logging.getLogger(name) for name in ("", "tithi", "django_structlog", "django.request")]
    levels = [logger.level for logger in loggers]
    logging.getLogger().addHandler(handler)
    for logger in loggers[1:]:
        logger.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("GET /", "GET /"),
        (f"GET /dashboard/visits/{ID}/", f"GET /dashboard/visits/{ID}/"),
        (f"GET /dashboard/visits/{ID}", f"GET /dashboard/visits/{ID}"),
        ("GET /dashboard/search/?q=Ottilie+Z&page=2", "GET /dashboard/search/?…"),
        ("GET /b/AbCdEfGhIjKlMnOpQrStUvWxYz-_0123456789ABCDE/cancel/", "GET /b/…/cancel/"),
        (f"Not Found: /pay/{ID.replace('-', '')}.1xWSEh.99YC6lpmoXxAKXaEFEO0AQXYOm/", "Not Found: /pay/…/"),
        (f"GET /preview/{ID}:1xWSSs:v3VFfit3S_ztFe2MPNtyXBw9l/", "GET /preview/…/"),
        (
            "GET /accounts/password/reset/key/zz-dbk4m2-0123456789abcdef0123456789abcdef/",
            "GET /accounts/password/reset/key/…/",
        ),
        ("money_action_failed", "money_action_failed"),
        ("Is 1/2 enough? Yes.", "Is 1/2 enough?… Yes."),
    ],
)
def test_addresses_are_shortened_to_what_says_where_somebody_was(said, kept):
    assert without_links(None, "info", {"event": said, "request": said}) == {"event": kept, "request": kept}


def test_other_parts_of_a_line_stay():
    line = {"event": "x", "error": "a/b?c=d", "code": 404}

    assert without_links(None, "info", dict(line)) == line


def test_booking_paying_and_searching_leave_nothing_of_the_customer_in_the_logs(
    lines, salon, cut, ann, account, salon_client, client_for, owner, works_here
):
    api, guest = works_here("owner"), Api(salon, address=ELSEWHERE)
    asked = {"service_id": str(cut.pk), "start_time": at(salon, "12:00").isoformat(), "customer_info": WHO}
    guest.post("/booking/create", asked | {"consent": {"policies": True}})
    guest.post("/auth/login", {"email": WHO["email"], "password": "a guess at it"})
    visit = book(with_fees(salon), cut, at(salon), account, card="pm_card_chargeCustomerFail")
    tokens = {"manage": links.manage_token(visit), "pay": pay_links.pay_token(visit)}
    salon_client.get(f"/b/{tokens['manage']}/")
    salon_client.get(f"/b/{tokens['manage']}x/cancel/")
    salon_client.get(f"/pay/{tokens['pay']}/")
    salon_client.get(f"/pay/{tokens['pay']}x/")
    desk = client_for(salon, owner)
    desk.get("/admin/bookings/customer/", {"q": WHO["email"]})
    desk.get("/dashboard/search/", {"q": WHO["name"]})
    desk.get("/admin/nothing/", {"q": WHO["phone"]})
    api.post(f"/api/v1/admin/bookings/{visit.pk}/no-show", {"idempotency_key": "press"})

    written = lines()

    assert Booking.objects.filter(contact_email=WHO["email"]).exists()
    assert len([line for line in written if "request" in line]) > 10
    assert {line["salon"] for line in written if "request" in line} == {salon.schema_name}
    text = json.dumps(written, ensure_ascii=False)
    card = visit.card_setup
    secrets = [*WHO.values(), *WHO["name"].split(), visit.contact_email, visit.contact_name, api.token]
    secrets += [*tokens.values(), card.payment_method_id, card.stripe_customer_id, "a guess at it", "2125550142"]
    assert [secret for secret in secrets if secret in text] == []
