"""The page of one payment that waits for its customer: the same payment, confirmed once, whoever else presses."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import requests
import stripe
import time_machine
from django.urls import reverse
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit import actors
from bookings.tests.factories import at, make_member, make_service
from messaging.models import Message
from payments import services, wording
from payments.links import pay_token
from payments.models import CardSetup, MoneyAction, Payment
from payments.services import events
from payments.tests.making import book, with_fees
from payments.tests.test_gift_checkout import text_of
from tenants.models import TenantBilling

pytestmark = pytest.mark.filterwarnings("ignore:No directory at")
SCRIPT = {"Accept": "application/json, text/html;q=0.5"}
CHARGED = [("authorization", 5000, 0), ("capture", 5000, 50)]
ASKS, DECLINES = "pm_card_authenticationRequired", "pm_card_chargeCustomerFail"


@pytest.fixture
def by(admin):
    return actors.user(admin)


def complete(salon, booking, by, key="press", **how):
    return services.complete(business=salon, booking=booking, key=key, by=by, now=timezone.now(), **how)


@pytest.fixture
def waiting(salon, cut, ann, account, by):
    """`waiting(card)`: a completed visit whose charge has stopped, and its page."""

    def make(card=ASKS, **how):
        booking = book(salon, cut, at(salon), account, card)
        action = complete(salon, booking, by, **how)
        return SimpleNamespace(booking=booking, action=action, url=reverse("payments:pay", args=[pay_token(booking)]))

    return make


@pytest.fixture
def in_browser(account, local_stripe):
    """`in_browser(answer, card)`: what the page's script does with the server's answer, the bank's question answered."""
    client = stripe.StripeClient(
        "pk_test_browser", stripe_account=account.id, base_addresses={"api": local_stripe.base}
    ).v1

    def confirm(answer, card="", outcome="complete"):
        secret = answer["client_secret"]
        intent_id, kind = secret.split("_secret_")[0], client.setup_intents
        if secret.startswith("pi_"):
            kind = client.payment_intents
        params = {"client_secret": secret, "payment_method": card or answer["payment_method"]}
        if kind.confirm(intent_id, params).status == "requires_action":
            local_stripe.control("/authentications", intent=intent_id, outcome=outcome)
        return intent_id

    return confirm


def asked(client, url, how="same"):
    return client.post(url, {"how": how}, headers=SCRIPT).json()


# What it says ---------------------------------------------------------------------------------------


def test_the_page_says_what_is_owed_for_what_and_why(salon_client, waiting):
    stopped = waiting(tip_cents=500)
    html = text_of(salon_client.get(stopped.url))

    assert "$55.00 is still to be paid." in html
    assert (
        "It is for your visit. Your bank wants you to confirm this payment yourself. Nothing has been charged." in html
    )
    assert "Cut, " in html
    for name, value in (("Price", "$50.00"), ("Tip", "$5.00"), ("To be paid", "$55.00")):
        assert f'<dt>{name}</dt><dd class="number">{value}</dd>' in html
    assert "Confirm with my bank" in html


@pytest.mark.parametrize(
    ("press", "sentence"),
    [("no_show", "It is for the fee for not coming."), ("cancel", "It is for the fee for cancelling late.")],
)
def test_a_fee_is_called_a_fee(salon, salon_client, cut, ann, account, by, press, sentence):
    booking = book(with_fees(salon), cut, at(salon), account, ASKS)
    getattr(services, press)(business=salon, booking=booking, key="k", by=by, now=timezone.now())

    assert sentence in text_of(salon_client.get(reverse("payments:pay", args=[pay_token(booking)])))


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("insufficient_funds", "Your bank says that there was not enough money on the card."),
        ("expired_card", "The card has expired."),
        ("lost_card", "Your bank does not accept payments with this card any more."),
        ("generic_decline", "Your bank did not accept the payment. It does not tell us why; you can ask it."),
    ],
)
def test_a_refusal_is_put_in_plain_words(salon_client, waiting, code, sentence):
    stopped = waiting(DECLINES)
    MoneyAction.objects.update(decline_code=code)

    html = text_of(salon_client.get(stopped.url))
    assert sentence in html
    assert "decline" not in html
    assert ("again</button>" in html) is (code in ("insufficient_funds", "generic_decline"))
    assert wording.refusal(code) == sentence


def test_looking_changes_nothing_and_asks_nobody(salon_client, waiting, local_stripe):
    stopped = waiting()
    before = len(local_stripe.look("/requests"))

    page = salon_client.get(stopped.url)
    salon_client.head(stopped.url)

    assert len(local_stripe.look("/requests")) == before
    assert MoneyAction.objects.get().updated_at == stopped.action.updated_at
    assert page["Referrer-Policy"] == "same-origin"
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in page["Cache-Control"]
    assert "script-src 'self' https://js.stripe.com" in page["Content-Security-Policy"]
    assert stopped.booking.contact_email not in page.content.decode()


@pytest.mark.parametrize("days", [13, 15], ids=("in time", "too late"))
def test_a_link_works_for_two_weeks(salon_client, waiting, days):
    stopped = waiting()

    with time_machine.travel(timezone.now() + timedelta(days=days), tick=True):
        assert salon_client.get(stopped.url).status_code == (200 if days < 14 else 404)


def test_a_link_of_another_salon_or_a_made_up_one_is_not_found(salon_client, other_client, waiting):
    stopped = waiting()
    spoilt = stopped.url.replace("/pay/", "/pay/a")

    for client, url in ((other_client, stopped.url), (salon_client, spoilt), (salon_client, "/pay/x/")):
        assert {client.get(url).status_code, client.post(url).status_code} == {404}
        assert client.get(f"{url}return/").status_code == 404


# Confirmed with the bank, or with another card ---------------------------------------------------------


def test_the_same_payment_is_confirmed_with_the_bank(salon_client, waiting, account, in_browser):
    stopped = waiting()
    answer = asked(salon_client, stopped.url)
    intent_id = in_browser(answer)
    page = salon_client.post(stopped.url, {"done": intent_id}, follow=True)

    assert intent_id == stopped.action.payment_intent_id
    assert answer["payment_method"] == CardSetup.objects.get().payment_method_id
    assert account.ledger() == CHARGED
    assert "This is settled." in text_of(page)
    assert MoneyAction.objects.get().state == "succeeded"
    assert Message.objects.filter(kind="receipt").count() == 1


def test_another_card_pays_the_same_payment(salon_client, waiting, account, in_browser):
    stopped = waiting(DECLINES)
    answer = asked(salon_client, stopped.url, "another")
    assert "payment_method" not in answer
    intent_id = in_browser(answer, "pm_card_mastercard")
    page = salon_client.post(stopped.url, {"done": intent_id}, follow=True)

    assert intent_id == stopped.action.payment_intent_id
    assert account.ledger() == CHARGED
    assert "Paid with Mastercard •••• 4444" in text_of(page)
    assert "$50.00 was charged to Mastercard •••• 4444." in Message.objects.get(kind="receipt").text
    assert CardSetup.objects.get().brand == "visa"  # given for this payment only


def test_a_browser_that_was_closed_after_the_bank_said_yes_loses_nothing(
    salon, salon_client, waiting, account, in_browser
):
    stopped = waiting()
    intent_id = in_browser(asked(salon_client, stopped.url))

    events.handle(
        business=salon,
        kind="payment_intent.amount_capturable_updated",
        data={"id": intent_id, "object": "payment_intent"},
    )

    assert account.ledger() == CHARGED
    assert "This is settled." in text_of(salon_client.get(stopped.url))


def test_pressing_again_after_the_bank_said_yes_goes_on(salon_client, waiting, account, in_browser):
    stopped = waiting()
    in_browser(asked(salon_client, stopped.url))

    assert asked(salon_client, stopped.url) == {"next": stopped.url}
    assert account.ledger() == CHARGED


@pytest.mark.parametrize("sent", [2, 3])
def test_sent_again_and_again_it_charges_once(salon_client, waiting, account, in_browser, sent):
    stopped = waiting()
    intent_id = in_browser(asked(salon_client, stopped.url))
    for _ in range(sent):
        page = salon_client.post(stopped.url, {"done": intent_id}, follow=True)

    assert account.ledger() == CHARGED
    assert "This is settled." in text_of(page)
    assert asked(salon_client, stopped.url) == {"next": stopped.url}


@pytest.mark.parametrize("outcome", ["never confirmed", "the bank said no"])
def test_what_a_browser_claims_is_not_believed(salon_client, waiting, account, in_browser, outcome):
    stopped = waiting()
    answer = asked(salon_client, stopped.url)
    if outcome == "the bank said no":
        in_browser(answer, outcome="fail")
    page = salon_client.post(stopped.url, {"done": stopped.action.payment_intent_id}, follow=True)

    assert "$50.00 is still to be paid." in text_of(page)
    assert [row for row in account.ledger() if row[0] == "capture"] == []
    assert MoneyAction.objects.get().state == "needs_customer"


def test_somebody_elses_payment_settles_nothing(salon, salon_client, waiting, account, in_browser, cut, by):
    stopped = waiting()
    other = book(salon, cut, at(salon, "14:00"), account)
    paid = complete(salon, other, by, key="other")
    salon_client.post(stopped.url, {"done": paid.payment_intent_id})

    assert MoneyAction.objects.get(pk=stopped.action.pk).state == "needs_customer"
    assert account.ledger() == CHARGED


def test_a_payment_of_another_salon_settles_nothing(salon, other_salon, salon_client, waiting, local_stripe, by):
    stopped = waiting()
    theirs = local_stripe.new_account()
    with tenant_context(other_salon):
        TenantBilling.objects.filter(business=other_salon).update(stripe_account_id=theirs.id, charges_enabled=True)
        other_salon.billing.refresh_from_db()
        service = make_service()
        make_member(performs=[service])
        booking = book(other_salon, service, at(other_salon), theirs)
        paid = services.complete(business=other_salon, booking=booking, key="k", by=by, now=timezone.now())
    salon_client.post(stopped.url, {"done": paid.payment_intent_id})
    with tenant_context(salon):
        assert MoneyAction.objects.get().state == "needs_customer"

    assert len(theirs.ledger()) == 2


# Others press, too ----------------------------------------------------------------------------------


def test_paid_in_cash_while_the_customer_looks_is_settled(salon, salon_client, waiting, account, in_browser, by):
    stopped = waiting()
    answer = asked(salon_client, stopped.url)
    services.take_cash(business=salon, booking=stopped.booking, key="cash", by=by, now=timezone.now())

    with pytest.raises(stripe.InvalidRequestError):
        in_browser(answer)
    page = salon_client.post(stopped.url, {"done": "over"}, follow=True)

    assert "Paid at the salon" in text_of(page)
    assert account.ledger() == []
    assert Payment.objects.values_list("cash_cents", "captured_cents").get() == (5000, 0)


def test_paid_in_cash_after_the_bank_said_yes_takes_nothing_from_the_card(
    salon, salon_client, waiting, account, in_browser, by
):
    stopped = waiting()
    intent_id = in_browser(asked(salon_client, stopped.url))
    services.take_cash(business=salon, booking=stopped.booking, key="cash", by=by, now=timezone.now())
    salon_client.post(stopped.url, {"done": intent_id})

    assert account.ledger() == [("authorization", 5000, 0), ("release", 5000, 0)]
    assert Payment.objects.values_list("cash_cents", "captured_cents").get() == (5000, 0)


def test_try_again_after_the_bank_said_yes_charges_once(salon, salon_client, waiting, account, in_browser, by):
    stopped = waiting()
    intent_id = in_browser(asked(salon_client, stopped.url))
    services.try_again(booking=stopped.booking, key="again", by=by, now=timezone.now())
    page = salon_client.post(stopped.url, {"done": intent_id}, follow=True)

    assert account.ledger() == CHARGED
    assert "This is settled." in text_of(page)


@pytest.mark.parametrize("end", ["in cash", "let go"])
def test_a_settled_link_says_so(salon, salon_client, waiting, by, end):
    stopped = waiting(DECLINES)
    services.take_cash(
        business=salon, booking=stopped.booking, key="cash", by=by, now=timezone.now(), waive=end == "let go"
    )
    page = salon_client.get(stopped.url)

    assert page.status_code == 200
    assert "This is settled." in text_of(page)
    assert "card-element" not in page.content.decode()


def test_a_payment_on_its_way_is_not_started_again(salon_client, waiting, account, local_stripe):
    stopped = waiting(DECLINES)
    MoneyAction.objects.update(state="confirming", leased_until=timezone.now() + timedelta(minutes=1))

    assert "Your payment is on its way." in text_of(salon_client.get(stopped.url))
    assert asked(salon_client, stopped.url) == {"next": stopped.url}
    assert account.ledger() == []


# Without scripts, without an intent, without Stripe ------------------------------------------------------


def on_stripes_page(address, number="5555555555554444"):
    """Fill in the hosted page as a person would; the address it leads back to."""
    answer = requests.post(
        address, data={"number": number, "expiry": "12/39", "cvc": "123"}, allow_redirects=False, timeout=20
    )
    return answer.headers["Location"]


def test_without_scripts_another_card_is_given_on_stripes_page(salon, salon_client, waiting, account):
    stopped = waiting(DECLINES)
    there = salon_client.post(stopped.url, {"how": "another"})
    back = on_stripes_page(there.url)
    page = salon_client.get(back.removeprefix(salon.url), follow=True)
    again = salon_client.get(back.removeprefix(salon.url), follow=True)

    assert back.startswith(f"{salon.url}{stopped.url}return/?page=cs_")
    assert "This is settled." in text_of(page)
    assert "This is settled." in text_of(again)
    assert account.ledger() == CHARGED
    assert MoneyAction.objects.get().payment_intent_id == stopped.action.payment_intent_id


def test_the_return_address_alone_charges_nothing(salon_client, waiting, account):
    stopped = waiting(DECLINES)
    page = salon_client.get(f"{stopped.url}return/?page=cs_test_made_up", follow=True)

    assert "Your card was not saved." in text_of(page)
    assert "$50.00 is still to be paid." in text_of(page)
    assert account.ledger() == []


def test_a_charge_that_never_reached_stripe_is_paid_with_another_card(
    salon, salon_client, cut, ann, account, by, in_browser
):
    booking = book(salon, cut, at(salon), account)
    account.stripe.payment_methods.detach(CardSetup.objects.get().payment_method_id)
    action = complete(salon, booking, by)
    assert (action.state, action.payment_intent_id) == ("failed", None)
    url = reverse("payments:pay", args=[pay_token(booking)])

    answer = asked(salon_client, url, "another")
    setup_intent_id = in_browser(answer, "pm_card_mastercard")
    page = salon_client.post(url, {"done": setup_intent_id}, follow=True)

    assert setup_intent_id.startswith("seti_")
    assert "Paid with Mastercard" in text_of(page)
    assert account.ledger() == CHARGED


def test_a_payment_given_up_at_stripe_is_not_paid_here(salon_client, waiting, account):
    stopped = waiting(DECLINES)
    account.stripe.payment_intents.cancel(stopped.action.payment_intent_id)

    assert asked(salon_client, stopped.url) == {
        "problem": "This payment cannot be made here any more. Please ask the salon; nothing was charged."
    }


@pytest.mark.parametrize("how", ["a script", "a form", "done"])
def test_stripe_being_away_is_said_and_loses_nothing(salon_client, waiting, local_stripe, how):
    stopped = waiting()
    local_stripe.fault("500", method="GET", times=3)
    local_stripe.fault("500", times=3)
    if how == "a script":
        text = asked(salon_client, stopped.url)["problem"]
    else:
        response = salon_client.post(stopped.url, {"done": "pi_1"} if how == "done" else {})
        assert response.status_code == 503
        text = text_of(response)

    assert "We could not reach the payment service. Nothing was charged; please try again in a moment." in text
    assert MoneyAction.objects.get().state == "needs_customer"
