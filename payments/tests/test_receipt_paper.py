"""Receipts on paper: what moved, in lines that add up, readable by programs, the same bytes at any time."""

import io
from uuid import uuid4

import pypdf
import pytest
from django.core import mail
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit import actors
from bookings import links
from bookings.tests.factories import at
from messaging import services as messaging
from messaging.models import Message
from payments import receipts, services
from payments.models import ActionKind, MoneyAction
from payments.receipt_paper import ReceiptFor, of_action, paper_of
from payments.tests.making import book
from tenants.money import Money


@pytest.fixture
def by(admin):
    return actors.user(admin)


@pytest.fixture
def booking(salon, cut, ann, account):
    salon.legal_name, salon.address_line1, salon.city = "Rosa LLC", "1 Main Street", "New York"
    salon.save()
    return book(salon, cut, at(salon), account)


def press(button, salon, booking, by, key="press-1", **how):
    return button(business=salon, booking=booking, key=key, by=by, now=timezone.now(), **how)


def text_of(content):
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    return "\n".join(line.strip() for line in text.splitlines())


def paid_and_partly_back(salon, booking, by):
    press(services.complete, salon, booking, by, tip_cents=500)
    press(services.refund, salon, booking, by, key="back", amount_cents=1250)
    return [MoneyAction.objects.get(kind=kind) for kind in (ActionKind.COMPLETE, ActionKind.REFUND)]


def test_a_receipt_leaves_with_its_mail_and_adds_up(salon, booking, account, by, mailoutbox):
    charge, refund = paid_and_partly_back(salon, booking, by)
    messaging.send_due(now=timezone.now())

    papers = [each.attachments for each in mailoutbox if "receipt.pdf" in str(each.attachments)]
    [(name, content, kind)], [(_, back, _)] = papers
    assert (name, kind, content[:5]) == ("receipt.pdf", "application/pdf", b"%PDF-")
    told = text_of(content)
    for words in (
        "Rosa Studio",
        "Rosa LLC",
        "1 Main Street",
        f"{booking.ref}-{charge.pk.hex[:6].upper()}",
        booking.contact_name,
        "Price\n$50.00",
        "Tip\n$5.00",
        "Paid with Visa •••• 4242\n$55.00",
    ):
        assert words in told
    assert "Given back" not in told, "a receipt says what was so then"
    told = text_of(back)
    for words in (
        "Refund",
        f"{booking.ref}-{refund.pk.hex[:6].upper()}",
        "Back to Visa •••• 4242\n$12.50",
        "Given back",
    ):
        assert words in told


def test_a_receipt_is_the_same_bytes_whenever_it_is_made(salon, booking, account, by):
    charge, refund = paid_and_partly_back(salon, booking, by)

    for action in (charge, refund):
        assert paper_of(of_action(action.pk)) == paper_of(of_action(action.pk))
    assert paper_of(of_action(charge.pk)) != paper_of(of_action(refund.pk))


def test_no_file_stands_in_the_outbox(salon, booking, account, by):
    charge, _ = paid_and_partly_back(salon, booking, by)

    message = Message.objects.get(kind="receipt")
    assert message.attachments == [
        {"name": "receipt.pdf", "content_type": "application/pdf", "maker": "receipt", "about_id": str(charge.pk)}
    ]


def test_a_mail_about_money_leaves_also_without_its_paper(salon, booking, account, by, mailoutbox):
    press(services.complete, salon, booking, by)
    message = Message.objects.get(kind="receipt")
    message.attachments[0]["about_id"] = str(uuid4())
    message.save()

    messaging.send_due(now=timezone.now())

    [sent] = [each for each in mail.outbox if "receipt" in each.subject]
    assert sent.attachments == []


def test_a_customer_downloads_the_receipts_of_their_visit(salon, booking, account, by, salon_client, cut):
    charge, refund = paid_and_partly_back(salon, booking, by)
    page = salon_client.get(f"/b/{links.manage_token(booking)}/").text
    other = book(salon, cut, at(salon, "14:00"), account)

    for action in (charge, refund):
        path = f"/b/{links.manage_token(booking)}/receipts/{action.pk}/"
        answer = salon_client.get(path)
        assert path in page
        assert answer.content == paper_of(of_action(action.pk))
        assert answer["Content-Disposition"].startswith(f'attachment; filename="receipt-{booking.ref}-')
        assert salon_client.get(f"/b/{links.manage_token(other)}/receipts/{action.pk}/").status_code == 404
    assert salon_client.get(f"/b/{links.manage_token(booking)}/receipts/{uuid4()}/").status_code == 404


@pytest.mark.parametrize(("sees_money", "status"), [(True, 200), (False, 403)])
def test_who_sees_money_downloads_receipts(salon, booking, account, by, client_for, viewer, sees_money, status):
    charge, _ = paid_and_partly_back(salon, booking, by)
    salon.role_changes = {"view_money": {"viewer": sees_money}}
    salon.save()
    desk, path = client_for(salon, viewer), f"/dashboard/visits/{booking.pk}/"

    answer = desk.get(f"{path}receipts/{charge.pk}/")

    assert answer.status_code == status
    assert (f"{path}receipts/{charge.pk}/" in desk.get(path).text) is sees_money
    assert desk.get(f"{path}receipts/{uuid4()}/").status_code == (404 if sees_money else 403)


def test_there_is_no_receipt_of_what_did_not_move(salon, other_salon, booking, account, by):
    charge, _ = paid_and_partly_back(salon, booking, by)

    with pytest.raises(MoneyAction.DoesNotExist):
        of_action(uuid4())
    with tenant_context(other_salon), pytest.raises(MoneyAction.DoesNotExist):
        of_action(charge.pk)


@pytest.mark.parametrize(
    ("cents", "currency", "shown"),
    [(123456, "EUR", "€1,234.56"), (5000, "JPY", "¥5,000"), (999, "INR", "₹9.99"), (12345, "KWD", "12.345")],
)
def test_every_currency_is_printed(salon, cents, currency, shown):
    receipt = receipt_for(salon, total=("Paid by card", str(Money(cents, currency))))

    assert shown in text_of(paper_of(receipt))


def test_long_and_foreign_names_fit_and_nothing_is_markup(salon):
    salon.name = "Å" * 120
    receipt = receipt_for(
        salon,
        to="<b>Ann</b> & <para>" + "w" * 200,
        facts=[("Visit", "Ονυχα и 指甲 " * 30)],
        lines=[("x" * 300, "$1.00")],
    )

    told = text_of(paper_of(receipt))

    assert "<b>Ann</b> & <para>" in told
    assert told.count("w") >= 200
    assert "Ονυχα и" in told
    assert "指" not in told, "written in Latin letters"


def receipt_for(salon, **changes):
    fields = {
        "title": "Receipt",
        "number": "7KQ2M9XA-1A2B3C",
        "date": "4 March 2027",
        "salon": salon,
        "to": "Anna Berg",
        "facts": [],
        "lines": [],
        "total": ("Paid by card", "$1.00"),
        "language": "en",
    }
    return ReceiptFor(**fields | changes)


def test_every_receipt_has_its_paper():
    makers = {kind: receipts._papers(kind, uuid4())[0]["maker"] for kind in receipts.RECEIPTS}

    assert makers == {
        "receipt": "receipt",
        "refunded": "receipt",
        "order_receipt": "order_receipt",
        "order_refunded": "receipt",
    }
