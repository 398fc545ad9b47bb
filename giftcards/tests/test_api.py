"""Cards through the API: issued by admins, read by members, checked by whoever has a code."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from audit.models import AuditEntry
from giftcards import codes, services
from giftcards.models import GiftCard
from giftcards.tests.making import code, ledger, make_card
from tenants.models import Business
from tenants.tests.api import ELSEWHERE, NO_STATIC, Api, signed_in

pytestmark = NO_STATIC
CARDS, CHECK = "/api/v1/gift-cards", "/api/v1/gift-cards/check"


def one(card):
    return f"{CARDS}/{card.pk}"


def issued(card, **changes):
    return {
        "code": code(card),
        "amount_cents": card.amount_cents,
        "discount_percent": card.discount_percent,
        "balance_cents": card.balance_cents,
        "currency_code": "USD",
        "expiration_date": card.expiration_date and card.expiration_date.isoformat(),
        "is_active": True,
        "usage_limit": card.usage_limit,
        "usage_count": 0,
        "title": "",
        "service_ids": [],
    } | changes


def test_who_sees_no_customers_is_told_no_address(salon, member):
    make_card(recipient_email="gus@example.com", message="For you, Gus")
    viewer = signed_in(salon, member("viewer"))
    before = viewer.get(CARDS, recipient_email="gus@example.com").json()["results"][0]
    Business.objects.filter(pk=salon.pk).update(role_changes={"view_customers": {"viewer": False}})

    [shown] = viewer.get(CARDS).json()["results"]

    assert (before["recipient_email"], before["message"]) == ("gus@example.com", "For you, Gus")
    assert (shown["recipient_email"], shown["message"]) == ("", "")
    assert viewer.get(CARDS, recipient_email="gus@example.com").json()["results"] == []


# Who may ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["list", "one"])
def test_reading_is_for_members(salon, other_salon, member, path):
    card = make_card()
    path = CARDS if path == "list" else one(card)
    outsider = member("owner", other_salon)

    assert Api(salon).get(path).status_code == 401
    assert signed_in(salon, outsider).get(path).status_code == 404
    assert signed_in(salon, member("viewer")).get(path).status_code == 200


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("staff", 403), ("admin", 201), ("owner", 201)])
def test_issuing_is_for_admins_and_above(salon, works_here, role, status):
    answer = works_here(role).post(CARDS, {"amount_cents": 5000})

    assert answer.status_code == status
    assert GiftCard.objects.count() == (status == 201)


@pytest.mark.parametrize(("role", "whole"), [("viewer", False), ("staff", True)])
def test_a_viewer_gets_no_codes(salon, works_here, role, whole):
    card = make_card()
    api = works_here(role)

    shown = {api.get(one(card)).json()["code"], api.get(CARDS).json()["results"][0]["code"]}

    assert shown == {code(card) if whole else f"••••{card.code_tail}"}


# Issuing ---------------------------------------------------------------------------------------


def test_an_issued_card_is_answered_with_its_code(salon, works_here):
    body = {"amount_cents": 5000, "expiration_date": "2031-01-31", "recipient_name": "Bea", "note": "By phone"}

    answer = works_here("admin").post(CARDS, body)

    card = GiftCard.objects.get()
    got = answer.json()
    assert answer.status_code == 201
    assert got | issued(card) == got
    assert (got["id"], got["recipient_name"], got["note"]) == (str(card.pk), "Bea", "By phone")
    assert ledger(card) == [("issue", 5000, 5000)]
    assert AuditEntry.objects.get(action="giftcard.issued").actor_label == "admin@rosa.example"


def test_a_percentage_is_issued(salon, works_here):
    answer = works_here("admin").post(CARDS, {"discount_percent": 25, "usage_limit": 2})

    assert (answer.status_code, answer.json()["amount_cents"]) == (201, None)
    assert GiftCard.objects.get().discount_percent == 25


YESTERDAY = (timezone.now() - timedelta(days=2)).date().isoformat()
WRONG = {
    "nothing": ({}, "amount_cents"),
    "both": ({"amount_cents": 1, "discount_percent": 1}, "amount_cents"),
    "too much percent": ({"discount_percent": 101}, "discount_percent"),
    "negative": ({"amount_cents": -1}, "amount_cents"),
    "nothing at all": ({"amount_cents": 0}, "amount_cents"),
    "over": ({"amount_cents": 1, "expiration_date": YESTERDAY}, "expiration_date"),
    "limited amount": ({"amount_cents": 1, "usage_limit": 1}, "usage_limit"),
    "sent to nobody": ({"amount_cents": 1, "deliver_on": "2031-01-01"}, "recipient_email"),
    "sent too late": (
        {"amount_cents": 1, "expiration_date": "2031-01-01", "deliver_on": "2031-01-02", "recipient_email": "a@b.co"},
        "deliver_on",
    ),
    "its balance": ({"amount_cents": 1, "balance_cents": 100}, "balance_cents"),
    "its code": ({"amount_cents": 1, "code": "0" * 16}, "code"),
    "its currency": ({"amount_cents": 1, "currency_code": "JPY"}, "currency_code"),
}


@pytest.mark.parametrize(("body", "field"), WRONG.values(), ids=WRONG)
def test_what_no_card_can_be_is_named(salon, works_here, body, field):
    answer = works_here("admin").post(CARDS, body)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert GiftCard.objects.count() == 0


def test_a_repeated_request_issues_one_card(salon, works_here):
    api, key = works_here("admin"), {"Idempotency-Key": "press-1"}

    first, again = (api.post(CARDS, {"amount_cents": 5000}, **key) for _ in range(2))
    other = api.post(CARDS, {"amount_cents": 6000}, **key)
    later = api.post(CARDS, {"amount_cents": 5000}, **{"Idempotency-Key": "press-2"})

    assert first.json() == again.json()
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")
    assert later.json()["id"] != first.json()["id"]
    assert GiftCard.objects.count() == 2


# Reading ---------------------------------------------------------------------------------------


def test_the_list_is_filtered_and_paged(salon, works_here):
    cards = [make_card(1000 * number, recipient_email=f"a{number}@example.com") for number in (1, 2, 3)]
    services.disable(card=cards[0], reason="x", by=SYSTEM, now=timezone.now())
    api = works_here()

    def found(**query):
        return [row["id"] for row in api.get(CARDS, **query).json()["results"]]

    assert found() == [str(card.pk) for card in reversed(cards)]
    assert found(is_active="false") == [str(cards[0].pk)]
    assert found(recipient_email="A2@example.com") == [str(cards[1].pk)]
    assert found(code_tail=cards[2].code_tail.lower()) == [str(cards[2].pk)]
    assert found(limit=1, page=2) == [str(cards[1].pk)]
    assert found(ordering="balance_cents")[1:] == [str(cards[1].pk), str(cards[2].pk)]


def test_another_salons_card_is_not_there(salon, other_salon, works_here):
    with tenant_context(other_salon):
        foreign = make_card()

    assert works_here().get(one(foreign)).status_code == 404
    assert works_here("owner").get(f"{CARDS}/{uuid4()}").status_code == 404


# Checking --------------------------------------------------------------------------------------


def check(salon, typed, address="127.0.0.1"):
    return Api(salon, address=address).post(CHECK, {"code": typed})


def test_whoever_has_a_code_sees_what_it_is_worth_and_nothing_else(salon):
    card = make_card(5000, recipient_name="Bea", note="Secret", expiration_date=date(2031, 1, 31))

    answer = check(salon, codes.shown(code(card)).lower())

    assert (answer.status_code, answer.json()) == (200, issued(card))
    assert "no-store" in answer["Cache-Control"]


def test_every_failure_is_the_same_404(salon, other_salon):
    with tenant_context(other_salon):
        foreign = code(make_card())
    expired, off, empty = make_card(), make_card(), make_card()
    GiftCard.objects.filter(pk=expired.pk).update(expiration_date=date(2020, 1, 1))
    GiftCard.objects.filter(pk=off.pk).update(is_active=False)
    GiftCard.objects.filter(pk=empty.pk).update(balance_cents=0)

    answers = [
        check(salon, typed)
        for typed in ("7M3K9QXW2D4T0HVB", "nonsense", foreign, code(expired), code(off), code(empty))
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert {(answer.json()["code"], answer.json()["detail"]) for answer in answers} == {
        ("gift_card_invalid", services.GiftCardInvalid.message)
    }


def test_guessing_is_limited_to_ten_a_minute_on_all_doors_together(salon, salon_client):
    card = make_card()
    for _ in range(5):
        salon_client.post("/gift-cards/balance/", {"code": "0" * 16}, REMOTE_ADDR=ELSEWHERE)

    seen = [check(salon, "0" * 16, ELSEWHERE).status_code for _ in range(6)]

    assert seen == [404] * 5 + [429]
    assert check(salon, code(card), ELSEWHERE).status_code == 429
    assert check(salon, code(card), "203.0.113.99").status_code == 200


def test_nobody_guesses_while_nobody_counts(salon, no_cache):
    card = make_card()

    answer = check(salon, code(card), ELSEWHERE)

    assert (answer.status_code, answer.json()["code"]) == (503, "temporarily_unavailable")
