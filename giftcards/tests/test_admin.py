"""Gift cards in the admin: found, issued, looked at, corrected by buttons that ask first."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from audit.models import AuditEntry
from config.admin import site
from giftcards import codes, links, services
from giftcards.admin.shown import STATES, state_of
from giftcards.models import GiftCard
from giftcards.tests.making import balance, code, ledger, make_card, reserve
from messaging.models import Message
from tenants.models import Business
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
CARDS = "/admin/giftcards/giftcard/"
ADD = f"{CARDS}add/"


@pytest.fixture
def desk(salon, client_for, member):
    return lambda role="admin": client_for(salon, member(role))


def page(card, name="change"):
    return f"{CARDS}{card.pk}/{name}/"


def press(client, path, **data):
    key = re.search(r'name="key" value="([^"]+)"', client.get(path).text)[1]
    return client.post(path, {"key": key} | data)


def said(client):
    return [str(message) for message in client.get(CARDS).context["messages"]]


def found(client, **query):
    return {card.pk for card in client.get(CARDS, query).context["cl"].result_list}


def day(salon, days):
    return timezone.localdate(timezone=salon.zone) + timedelta(days=days)


def test_who_sees_no_customers_sees_no_address_of_a_cards(salon, desk):
    card, client = make_card(recipient_email="gus@example.com"), desk("viewer")
    pages = (CARDS, page(card), f"{CARDS}?q=gus@example.com")
    before = ["gus@example.com" in client.get(path).text for path in pages]

    Business.objects.filter(pk=salon.pk).update(role_changes={"view_customers": {"viewer": False}})

    assert before == [True] * 3
    assert ["gus@example.com" in client.get(path).text for path in pages[:2]] == [False, False]
    assert found(client, q="gus@example.com") == set()


# The list --------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_much_whatever_its_length(salon, desk, count):
    for _ in range(count):
        make_card()
    client = desk("viewer")
    client.get(CARDS)

    with CaptureQueriesContext(connection) as seen:
        client.get(CARDS)

    assert len(seen) == 6


def test_a_card_is_found_by_its_code_however_it_is_written(salon, desk):
    card, other = make_card(recipient_name="Bea"), make_card(recipient_email="carl@example.com")
    client = desk("staff")

    assert found(client, q=codes.shown(code(card)).lower()) == {card.pk}
    assert found(client, q=card.code_tail.lower()) == {card.pk}
    assert found(client, q="carl@") == {other.pk}
    assert found(client, q="bea") == {card.pk}
    assert found(client, q="7M3K9QXW2D4T0HVB") == set()


def test_states_part_all_cards(salon, desk):
    today = day(salon, 0)
    cards = [
        make_card(),
        make_card(expiration_date=today),
        make_card(percent=10),
        make_card(percent=10, usage_limit=1),
        make_card(expiration_date=day(salon, -1)),
        make_card(percent=10, expiration_date=day(salon, -1)),
        make_card(),
        make_card(percent=10, usage_limit=1),
        make_card(),
    ]
    GiftCard.objects.filter(pk=cards[6].pk).update(balance_cents=0)
    GiftCard.objects.filter(pk=cards[7].pk).update(usage_count=1)
    GiftCard.objects.filter(pk=cards[8].pk).update(is_active=False)
    client = desk("viewer")

    states = {state: found(client, state=state) for state in STATES}

    assert states == {
        state: {card.pk for card in GiftCard.objects.all() if state_of(card, today) == state} for state in STATES
    }
    assert [len(cards) for cards in states.values()] == [4, 2, 2, 1]


def test_money_nobody_can_spend_is_found(salon, desk, booking):
    card, good = make_card(), make_card()
    reserve(salon, booking, card)
    services.disable(card=card, reason="x", by=SYSTEM, now=timezone.now())
    services.release(booking=booking, now=timezone.now())
    client = desk("viewer")

    assert found(client, money="stuck") == {card.pk}
    assert found(client, money="any") == {card.pk, good.pk}
    assert found(client, worth="percent") == set()


# One card --------------------------------------------------------------------------------------


def test_the_page_shows_the_ledger_and_the_gift(salon, desk, booking):
    card = make_card(recipient_name="Bea", buyer_name="Anna", message="Enjoy!", note="By phone")
    reserve(salon, booking, card)
    services.redeem(booking=booking, cents=3000, action_id=uuid4(), now=timezone.now(), by=SYSTEM)

    text = desk("staff").get(page(card)).text

    for part in ("Enjoy!", "By phone", "$70.00", "Paid for a visit -$30.00", booking.ref, codes.shown(code(card))):
        assert part in text


def test_a_viewer_sees_no_code(salon, desk):
    card = make_card()

    text = desk("viewer").get(page(card)).text

    assert code(card)[:4] not in text
    assert f"•••• {card.code_tail}" in text


@pytest.mark.parametrize("name", ["change", "resend", "adjust", "prolong", "disable", "enable", "page"])
def test_another_salons_card_is_not_there(salon, other_salon, desk, name):
    with tenant_context(other_salon):
        foreign = make_card()

    assert desk("owner").get(page(foreign, name)).status_code == 404


def test_a_card_is_never_edited_as_a_form(salon, desk):
    card = make_card()

    answer = desk("owner").post(page(card), {"balance_cents": 99_999, "is_active": ""})

    assert answer.status_code == 403
    assert balance(card) == 10_000


# Issuing ---------------------------------------------------------------------------------------


def wish(**changes):
    return {"kind": "amount", "amount_cents": "50.00", "quantity": 1, "note": "At the desk"} | changes


def test_a_card_is_issued_and_shown(salon, desk):
    client = desk()

    answer = press(client, ADD, **wish(expiration_date="2031-01-31", recipient_name="Bea"))

    card = GiftCard.objects.get()
    assert answer["Location"] == page(card)
    assert (card.amount_cents, card.recipient_name, card.note) == (5000, "Bea", "At the desk")
    assert ledger(card) == [("issue", 5000, 5000)]
    assert said(client) == ["$50.00 issued."]
    assert AuditEntry.objects.get(action="giftcard.issued").actor_label == "admin@rosa.example"


def test_the_form_proposes_the_salons_last_day(salon, desk):
    assert desk().get(ADD).context["form"]["expiration_date"].initial.year == day(salon, 0).year + 5


def test_a_percentage_is_issued(salon, desk):
    press(desk(), ADD, **wish(kind="percent", amount_cents="", discount_percent=20, usage_limit=3))

    card = GiftCard.objects.get()
    assert (card.discount_percent, card.usage_limit, card.amount_cents) == (20, 3, None)


def test_many_cards_are_issued_by_one_press_and_shown_to_print(salon, desk):
    client = desk()
    key = re.search(r'name="key" value="([^"]+)"', client.get(ADD).text)[1]

    answers = [client.post(ADD, wish(quantity=3) | {"key": key}) for _ in range(2)]

    cards = GiftCard.objects.all()
    assert len(cards) == 3
    for answer in answers:
        assert all(codes.shown(code(card)) in answer.text for card in cards)


WRONG = {
    "nothing": ({"amount_cents": ""}, "amount_cents"),
    "no percent": ({"kind": "percent", "amount_cents": ""}, "discount_percent"),
    "too much percent": ({"kind": "percent", "discount_percent": 101}, "discount_percent"),
    "over": ({"expiration_date": "2020-01-01"}, "expiration_date"),
    "mailed to nobody": ({"deliver_on": "2031-01-01"}, "recipient_email"),
    "too many": ({"quantity": 101}, "quantity"),
    "many to one": ({"quantity": 2, "recipient_email": "a@example.com"}, "quantity"),
}


@pytest.mark.parametrize(("changes", "field"), WRONG.values(), ids=WRONG)
def test_what_no_card_can_be_is_named(salon, desk, changes, field):
    answer = press(desk(), ADD, **wish(**changes))

    assert list(answer.context["form"].errors) == [field]
    assert GiftCard.objects.count() == 0


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("staff", 403), ("admin", 200), ("owner", 200)])
def test_issuing_is_for_admins_and_above(salon, desk, role, status):
    assert desk(role).get(ADD).status_code == status


def test_chosen_cards_are_shown_with_their_codes(salon, desk):
    cards = [make_card(), make_card(2500)]
    body = {"action": "show_codes", "_selected_action": [str(card.pk) for card in cards]}

    text = desk("staff").post(CARDS, body).text

    for card in cards:
        assert codes.shown(code(card)) in text
        assert links.card_url(business=salon, card=card) in text
    assert codes.shown(code(cards[0])) not in desk("viewer").post(CARDS, body).text


# Buttons ---------------------------------------------------------------------------------------


def test_a_balance_is_corrected_with_a_reason(salon, desk):
    card, client = make_card(), desk()

    press(client, page(card, "adjust"), direction="down", amount="30.00", reason="Paid in cash")
    press(client, page(card, "adjust"), direction="up", amount="10.00", reason="Counted again")

    assert ledger(card)[1:] == [("adjust", -3000, 7000), ("adjust", 1000, 8000)]
    assert said(client) == ["The card holds $80.00 now."]


@pytest.mark.parametrize(
    ("name", "body"), [("adjust", {"direction": "down", "amount": "30.00", "reason": "Counted"}), ("resend", {})]
)
def test_a_button_pressed_twice_acts_once(salon, desk, name, body):
    card, client = make_card(recipient_email="bea@example.com"), desk()
    key = str(uuid4())

    answers = [client.post(page(card, name), {"key": key} | body).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert balance(card) == (7000 if name == "adjust" else 10_000)
    assert Message.objects.count() == (name == "resend")


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"direction": "down", "amount": "100.01", "reason": "x"}, "The card holds $100.00."),
        ({"direction": "up", "amount": "0.01", "reason": "x"}, "This card can take $0.00 more at most."),
        ({"direction": "down", "amount": "1", "reason": ""}, "This field is required."),
    ],
)
def test_a_correction_the_card_cannot_take_is_refused(salon, desk, body, sentence):
    card = make_card()

    answer = press(desk(), page(card, "adjust"), **body)

    assert sentence in answer.text
    assert ledger(card) == [("issue", 10_000, 10_000)]


def test_a_card_is_switched_off_and_on(salon, desk):
    card, client = make_card(), desk()

    press(client, page(card, "disable"), reason="Lost")
    off = GiftCard.objects.get()
    press(client, page(card, "enable"), reason="Found")

    assert (off.is_active, off.balance_cents) == (False, 0)
    assert GiftCard.objects.get().is_active
    assert said(client) == ["The card is switched on."]


def test_a_last_day_is_changed(salon, desk):
    card, client = make_card(expiration_date=day(salon, -5)), desk()

    press(client, page(card, "prolong"), expiration_date=day(salon, 30).isoformat())
    refused = press(client, page(card, "prolong"), expiration_date=day(salon, -1).isoformat())

    assert GiftCard.objects.get().expiration_date == day(salon, 30)
    assert "This day is over." in refused.text


def test_a_card_is_mailed_again(salon, desk):
    card, client = make_card(recipient_email="bea@example.com"), desk("staff")

    press(client, page(card, "resend"))

    assert Message.objects.get().recipient == "bea@example.com"
    assert said(client) == ["The card is on its way to bea@example.com."]


def test_the_cards_own_page_is_opened(salon, desk):
    card = make_card()

    assert desk("staff").get(page(card, "page"))["Location"] == links.card_url(business=salon, card=card)


@pytest.mark.parametrize("name", ["adjust", "prolong", "disable", "enable"])
def test_staff_change_no_card(salon, desk, name):
    card = make_card()

    answer = desk("staff").post(
        page(card, name), {"key": str(uuid4()), "reason": "x", "amount": 1, "direction": "down"}
    )

    assert answer.status_code == 403
    assert ledger(card) == [("issue", 10_000, 10_000)]


@pytest.mark.parametrize("name", ["page", "resend"])
def test_viewers_press_nothing(salon, desk, name):
    card = make_card(recipient_email="bea@example.com")

    assert desk("viewer").get(page(card, name)).status_code == 403


@pytest.mark.parametrize(
    ("card", "buttons"),
    [
        ({}, {"open_page", "adjust", "prolong", "disable"}),
        ({"recipient_email": "bea@example.com"}, {"open_page", "resend", "adjust", "prolong", "disable"}),
        ({"percent": 10}, {"open_page", "prolong", "disable"}),
    ],
)
def test_a_card_has_the_buttons_it_can_use(salon, desk, card, buttons):
    made, shown = make_card(**card), site.get_model_admin(GiftCard)
    request = desk("owner").get(page(made)).wsgi_request

    names = {each.action_name for each in shown.get_actions_detail(request, str(made.pk))}

    assert names == {f"giftcards_giftcard_{name}" for name in buttons}
