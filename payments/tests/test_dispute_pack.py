"""The dispute pack: everything a bank asks for about one visit, and nothing of any other."""

import io
import json
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from pypdf import PdfReader

from audit import actors
from audit.models import AuditEntry
from bookings import services as bookings
from bookings.models import Booking
from bookings.tests.factories import DETAILS, at, make_booking
from messaging.models import Message
from payments import dispute_pack, services
from payments.dispute_pack.letters import printable
from payments.models import Dispute, MoneyAction, Payment
from payments.services import disputes
from payments.tests.desk import buttons, form_of, page, press, said
from payments.tests.making import book, with_fees
from tenants.tests.api import NO_STATIC, Api, signed_in

pytestmark = NO_STATIC


@pytest.fixture
def by(admin):
    return actors.user(admin, "198.51.100.7")


@pytest.fixture
def paid(salon, cut, ann, account, by):
    """Booked with consent, checked in, completed with a tip, a part given back."""
    with_fees(salon, window_hours=24)
    salon.cancellation_text, salon.refund_text = "A day ahead, please.", "Within a week."
    visit, now = book(salon, cut, at(salon), account), timezone.now()
    bookings.check_in(booking=visit, by=by, now=now)
    services.complete(business=salon, booking=visit, key="a", by=by, now=now, tip_cents=500)
    services.refund(business=salon, booking=visit, key="b", by=by, now=now, amount_cents=1000, reason="Too short")
    return Booking.objects.get(pk=visit.pk)


@pytest.fixture
def disputed(paid, account, local_stripe):
    charge = Payment.objects.get().provider_charge_id
    found = local_stripe.control("/disputes", charge=charge, reason="product_not_received")
    disputes.refresh(account=account.id, dispute_id=found["id"], now=timezone.now())
    return paid


@pytest.fixture
def desk(salon, client_for, member):
    return lambda role="owner": client_for(salon, member(role))


def pack(salon, booking):
    return dispute_pack.pack_of(business=salon, booking=booking, now=timezone.now())


def text_of(paper):
    """What a reader of the PDF sees: its letters, page by page."""
    return "\n".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(paper)).pages)


# What is in it ---------------------------------------------------------------------------------


def test_it_says_who_agreed_what_moved_and_who_was_told(salon, disputed, account):
    found = pack(salon, disputed).as_json()

    assert json.loads(json.dumps(found)) == found
    assert found["diary"]["agreement"]["texts"] == [
        ["Cancelling", "A day ahead, please."],
        ["Refunds", "Within a week."],
    ]
    assert [act["action"] for act in found["diary"]["arrivals"]] == ["booking.checked_in", "booking.completed"]
    assert [(entry["kind"], entry["amount_cents"], entry["application_fee_cents"]) for entry in found["ledger"]] == [
        ("capture", 5500, 55),
        ("refund", 1000, 10),
        ("dispute", 4500, 0),
    ]
    assert (found["card"]["brand"], found["card"]["last4"]) == ("visa", "4242")
    [payment] = found["payments"]
    assert (payment["amount_cents"], payment["tip_cents"], payment["refunded_cents"]) == (5000, 500, 1000)
    assert {mail["kind"] for mail in found["messages"]} >= {"booking_confirmed", "receipt", "refunded"}
    assert [row["reason"] for row in found["disputes"]] == ["product_not_received"]
    assert (found["salon"]["name"], found["diary"]["booked_from"]) == (salon.name, disputed.client_address or "")


def test_no_signed_link_leaves_the_house(salon, disputed):
    found = json.dumps(pack(salon, disputed).as_json())

    assert Message.objects.filter(text__contains="/b/").exists()
    assert ("/b/" in found, "/pay/" in found, "[link]" in found) == (False, False, True)


def test_other_visits_and_other_salons_are_left_out(salon, cut, disputed, account, other_salon):
    bea = replace(DETAILS, name="Bea Cole", email="bea@example.com")
    other = make_booking(salon, cut, at(salon, "14:00"), details=bea)

    found = json.dumps(pack(salon, disputed).as_json())

    assert (bea.email in found, other.ref in found, other_salon.name in found) == (False, False, False)


def test_it_costs_as_many_queries_whatever_happened(salon, paid, django_assert_num_queries):
    with django_assert_num_queries(8) as once:
        pack(salon, paid)
    payment = Payment.objects.get()
    for number in range(3):
        MoneyAction.objects.create(
            booking=paid, payment=payment, kind="retry", client_key=f"{number}", amount_cents=0, state="succeeded"
        )
        Dispute.objects.create(stripe_id=f"du_{number}", payment=payment, amount_cents=1, opened_at=timezone.now())

    again = Booking.objects.get(pk=paid.pk)
    with django_assert_num_queries(len(once)):
        pack(salon, again)


# On paper --------------------------------------------------------------------------------------


def test_the_paper_has_every_section(salon, disputed):
    paper = dispute_pack.paper_of(pack=pack(salon, disputed), country="US")

    text = text_of(paper)
    assert paper.startswith(b"%PDF-")
    for title in (
        "The dispute",
        "The visit",
        "What the customer agreed to",
        "The card",
        "What was paid",
        "What moved",
        "Check-in log",
        "Messages sent",
    ):
        assert title in text
    assert "A day ahead, please." in text
    assert "$55.00 taken from the card" in text
    assert "Page 1" in text


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("Łucja Żółć-Nguyễn", "Łucja Żółć-Nguyễn"),
        ("Мария Иванова", "Мария Иванова"),
        ("Ελένη", "Ελένη"),
        ("王芳", "WangFang"),
        ("محمد", "mhmd"),
        ("한국", "HanGug"),
        ("A\u202eB\x07C", "ABC"),
        ("<b>& Co</b>", "<b>& Co</b>"),
        ("e\u0301", "é"),
    ],
)
def test_every_name_can_be_read(name, printed):
    assert printable(name) == printed


@pytest.mark.parametrize(
    "name",
    ["王芳 " * 40, "x" * 160, "Мария <script>alert(1)</script>", "🙂 Zoë", "</para><para>", "נועה כהן"],
    ids=["han", "long", "markup", "emoji", "tags", "hebrew"],
)
def test_no_name_breaks_the_paper(salon, paid, name):
    Booking.objects.update(contact_name=name[:160])
    AuditEntry.objects.update(actor_label=name[:200])
    Message.objects.update(subject=name[:250], text=name * 200, recipient="l" * 240 + "@example.com")

    paper = dispute_pack.paper_of(pack=pack(salon, Booking.objects.get()))

    assert printable(name[:160]).split()[0][:12] in text_of(paper)


# Doors -----------------------------------------------------------------------------------------

PATH = "/api/v1/admin/bookings/{}/dispute-pack"


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("staff", 403), ("admin", 200), ("owner", 200)])
def test_a_program_gets_it_for_admins(salon, paid, admin, member, role, status):
    api = signed_in(salon, admin if role == "admin" else member(role))

    answers = [api.get(PATH.format(paid.pk), **query) for query in ({}, {"format": "json"}, {"format": "pdf"})]

    assert [answer.status_code for answer in answers] == [status] * 3
    if status == 200:
        assert answers[0].json()["diary"]["confirmation_number"] == paid.ref
        assert (answers[2]["Content-Type"], answers[2].content[:5]) == ("application/pdf", b"%PDF-")
        assert answers[2]["Content-Disposition"] == f'attachment; filename="dispute-{paid.ref}.pdf"'
        assert "no-store" in answers[2]["Cache-Control"]


def test_strangers_get_nothing(salon, other_salon, paid, member):
    outsider = member("owner", other_salon)

    assert Api(salon).get(PATH.format(paid.pk)).status_code == 401
    assert signed_in(salon, outsider).get(PATH.format(paid.pk)).status_code == 404
    assert signed_in(other_salon, outsider).get(PATH.format(paid.pk), format="pdf").status_code == 404


def test_another_format_is_none(salon, paid, member):
    answer = signed_in(salon, member("owner")).get(PATH.format(paid.pk), format="xml")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["format"])


def test_the_booking_offers_it_to_admins_once_a_card_was_charged(salon, paid, cut, account, desk):
    fresh = book(salon, cut, at(salon, "14:00"), account)
    owner, staff = desk(), desk("staff")

    assert ("Dispute pack" in buttons(owner, paid), "Dispute pack" in buttons(owner, fresh)) == (True, False)
    assert "Dispute pack" not in buttons(staff, paid)
    assert staff.get(page(paid, "dispute-pack") + "?format=pdf").status_code == 403
    found = [owner.get(page(paid, "dispute-pack") + f"?format={kind}") for kind in ("pdf", "json", "xml")]
    assert [answer.status_code for answer in found] == [200, 200, 400]
    assert found[0].content[:5] == b"%PDF-"
    assert found[1].json()["diary"]["customer_name"] == "Anna Berg"


def test_another_salon_downloads_nothing(paid, nora, client_for, member):
    client = client_for(nora, member("owner", nora))

    assert client.get(page(paid, "dispute-pack") + "?format=json").status_code == 404
    assert client.post(page(paid, "dispute-pack"), {"key": str(uuid4())}).status_code == 404


# To the bank -----------------------------------------------------------------------------------


def test_it_is_sent_to_the_bank_once(disputed, account, local_stripe, desk):
    client = desk()
    form = form_of(client, page(disputed, "dispute-pack"))

    for _ in range(2):
        client.post(page(disputed, "dispute-pack"), form)

    dispute = Dispute.objects.get()
    sent = account.stripe.disputes.retrieve(dispute.pk)
    assert (dispute.status, sent.evidence_details.submission_count) == ("under_review", 1)
    assert sent.evidence.customer_name == "Anna Berg"
    assert sent.evidence.service_date == disputed.start_at.date().isoformat()
    assert "A day ahead, please." in sent.evidence.cancellation_policy_disclosure
    assert sent.evidence.refund_policy_disclosure == "Refunds: Within a week."
    assert "$55.00 taken from the card" in sent.evidence.uncategorized_text
    assert [level for level, _ in said(client)] == ["success", "error"]
    assert AuditEntry.objects.filter(action="payment.dispute_answered").count() == 1
    assert client.get(page(disputed, "dispute-pack")).context["button"] == ""


def test_a_silent_stripe_loses_nothing(disputed, local_stripe, account, desk):
    local_stripe.fault("500", "/disputes/")
    client = desk()

    press(client, page(disputed, "dispute-pack"))
    first = said(client)
    press(client, page(disputed, "dispute-pack"))

    assert first == [("error", services.AnswerNotSent.message)]
    assert Dispute.objects.get().status == "under_review"


def test_a_decided_dispute_is_not_answered(disputed, by):
    Dispute.objects.update(status="lost", closed_at=timezone.now() - timedelta(days=1))

    with pytest.raises(services.DisputeAnswered):
        services.answer_dispute(dispute=Dispute.objects.get(), texts={}, key="k", by=by, now=timezone.now())


def test_every_field_fits_stripe(salon, disputed):
    Message.objects.update(text="x" * 50_000)

    texts = dispute_pack.texts_for_stripe(pack=pack(salon, disputed))

    assert max(map(len, texts.values())) == 20_000
    assert all(texts.values())
