import re

import pytest
import requests

from .test_dunning import behind, latest

CARD = {"number": "5555 5555 5555 4444", "expiry": "12 / 40", "cvc": "123"}


def press(invoice, **form):
    return requests.post(invoice.hosted_invoice_url, data=form, timeout=20, allow_redirects=False)


def test_paid_invoice_shows_what_was_paid_and_asks_for_nothing(platform):
    subscription = platform.subscribe()
    invoice = platform.stripe.invoices.retrieve(subscription.latest_invoice)
    page = requests.get(invoice.hosted_invoice_url, timeout=20).text
    pdf = requests.get(invoice.invoice_pdf, timeout=20)

    assert invoice.number in page
    assert "1 × Plan (at $11.99 / month)" in page
    assert "Paid" in page
    assert "<form" not in page
    assert "<script" not in page
    assert pdf.status_code == 200


def test_open_invoice_is_paid_with_another_card(simulator, platform):
    subscription = behind(platform)
    invoice = latest(platform, subscription)
    declined = press(invoice, **CARD | {"number": "4000 0000 0000 9995"})
    paid = press(invoice, **CARD)
    again = press(invoice, **CARD)

    assert (declined.status_code, paid.status_code, again.status_code) == (402, 303, 200)
    assert "insufficient funds" in declined.text
    assert platform.stripe.subscriptions.retrieve(subscription.id).status == "active"
    assert simulator.ledger() == [("capture", 1_199, 0)] * 2


@pytest.mark.parametrize(("outcome", "status"), [("complete", "paid"), ("fail", "open")])
def test_open_invoice_is_paid_with_the_card_on_file_by_way_of_the_bank(platform, outcome, status):
    subscription = behind(platform, card="pm_card_authenticationRequired")
    invoice = latest(platform, subscription)
    bank = press(invoice, **{"with": "saved"}).headers["Location"]
    secret = re.search(r'name="client_secret" value="(\w+)"', requests.get(bank, timeout=20).text).group(1)
    back = requests.post(bank, data={"client_secret": secret, "outcome": outcome}, timeout=20)

    assert back.url.startswith(invoice.hosted_invoice_url)
    assert ("unable to authenticate" in back.text) == (outcome == "fail")
    assert latest(platform, subscription).status == status


def test_page_needs_its_token(platform):
    subscription = platform.subscribe()
    invoice = platform.stripe.invoices.retrieve(subscription.latest_invoice)

    assert requests.get(invoice.hosted_invoice_url[:-1], timeout=20).status_code == 404
