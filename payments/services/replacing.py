"""Another card for a visit that is booked already. The old one is good until the new one is."""

from django.db import transaction
from django.utils import timezone

from audit import actors
from audit import services as audit
from payments import gateway, queries, tasks
from payments.models import CardSetup, Payment, PaymentStatus
from payments.services import cards, holding, pressing, recovery
from tenants.errors import DomainError

#: A payment in one of these states has not been settled: the new card is the one it stands on.
UNSETTLED = (PaymentStatus.REQUIRES_ACTION, PaymentStatus.FAILED)


class NotReplaceable(DomainError):
    code = "card_not_replaceable"
    status = 409
    message = "This visit needs no other card."


def prepare(*, booking):
    """The SetupIntent of a card that is to replace the booking's: (CardSetup, gateway.SetupIntent).

    Made on first call; called twice at once both answer with the same one. Raises NotReplaceable, GatewayError.
    """
    setup = _replaceable(booking)
    if setup.replacing_intent_id:
        intent = _retrieve(setup)
        if intent.status not in ("canceled", "succeeded"):
            return setup, intent
    intent = gateway.create_setup_intent(
        account=setup.stripe_account_id,
        customer_id=setup.stripe_customer_id,
        metadata=cards.metadata_of(booking),
        key=None,
    )
    mine = CardSetup.objects.filter(pk=setup.pk, replacing_intent_id=setup.replacing_intent_id)
    mine.update(replacing_intent_id=intent.id)
    setup.refresh_from_db()
    return setup, intent if setup.replacing_intent_id == intent.id else _retrieve(setup)


def _retrieve(setup):
    return gateway.retrieve_setup_intent(account=setup.stripe_account_id, setup_intent_id=setup.replacing_intent_id)


def hosted_page(*, booking, success_url, cancel_url):
    """The address of Stripe's own page for it. See `cards.hosted_card_page`. Raises NotReplaceable, GatewayError."""
    setup = _replaceable(booking)
    return cards.open_page(setup=setup, booking=booking, success_url=success_url, cancel_url=cancel_url)


def _replaceable(booking):
    if not queries.can_replace_card(booking):
        raise NotReplaceable
    return queries.card_of(booking)


def accept(*, booking, setup_intent_id="", hosted_page_id=""):
    """Read the new card back from Stripe, as `cards.accept_card` does, and make it the booking's. Returns the CardSetup.

    A charge the old card was refused for is tried with it at once; money held on the old one is given back and held
    on the new one. Accepted twice it is the same. Raises CardNotSaved, GatewayError.
    """
    setup = CardSetup.objects.filter(booking=booking).first()
    if setup is None:
        raise cards.CardNotSaved
    if setup_intent_id and setup_intent_id == setup.setup_intent_id:
        return setup  # an event told of it first
    wanted = cards.intent_wanted(
        setup, made=setup.replacing_intent_id, setup_intent_id=setup_intent_id, hosted_page_id=hosted_page_id
    )
    intent = cards.saved_intent(setup, wanted)
    setup, is_new, was_held = _replace(setup, intent, hosted_page_id)
    if is_new:
        recovery.card_replaced(booking=setup.booking)
    if was_held:
        _hold_again(setup.booking)
    return setup


@transaction.atomic
def _replace(setup, intent, hosted_page_id):
    """(the CardSetup with its new card, whether it is new, whether money was held on the old one)."""
    booking, now = pressing.locked_booking(setup.booking), timezone.now()
    setup = CardSetup.objects.select_for_update().get(pk=setup.pk)
    if setup.setup_intent_id == intent.id:
        return setup, False, False
    before = str(setup)
    setup.setup_intent_id, setup.replacing_intent_id, setup.saved_card = intent.id, None, None
    setup.checkout_session_id = hosted_page_id  # a page of an earlier card brings that one back no more
    setup.succeeded_at = now
    cards.take_facts(setup, intent.payment_method_id, intent)
    setup.save()
    payments = Payment.objects.filter(booking=booking, is_current=True, status__in=UNSETTLED)
    payments.update(provider_setup_intent_id=intent.id)
    audit.record(
        actor=actors.customer(booking.contact_name),
        action="card.replaced",
        subject=booking,
        at=now,
        before={"card": before},
        after={"card": str(setup)},
    )
    return setup, True, holding.give_up(booking=booking)


def _hold_again(booking):
    """As far as Stripe answers; else the sweep releases the old hold, and the new card is on file all the same."""
    try:
        holding.release_now(booking=booking)
    except gateway.GatewayError:
        tasks.release_holds.delay()
        return
    if hold := holding.plan(booking=booking, now=timezone.now()):
        holding.drive(hold)
