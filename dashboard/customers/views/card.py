"""One customer: who they are, what they had and what they will have, and what the team wrote down."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from audit.admin import actor_of
from bookings import queries, words
from bookings.models import CustomerNote, Status
from bookings.models.bookings import OPEN
from bookings.services import customers
from dashboard import desk
from dashboard.customers import shown
from dashboard.customers.forms import NoteForm, fill_errors
from dashboard.frame import page, show
from dashboard.messages import shown as message_groups
from dashboard.paging import paged
from giftcards import queries as gift_cards
from messaging import queries as mails
from messaging import services as messaging
from messaging.models import WAITING
from payments import queries as money
from payments.wording import card_name
from tenants import policies
from tenants.errors import DomainError
from tenants.permissions import Permission

VISITS, UPCOMING, NOTES, MAILS, CARDS = 20, 20, 50, 10, 20


def found_or_404(pk):
    """The customer, or who they were merged into."""
    customer = customers.find(pk)
    if customer is None:
        raise Http404
    return customer


@require_safe
@page(Permission.VIEW_CUSTOMERS)
def customer(request, pk):
    customer = found_or_404(pk)
    if customer.pk != pk:  # an old link
        return redirect("dashboard:customer", customer.pk)
    return card(request, customer, NoteForm())


def card(request, customer, form, *, status=200):
    now, may_see_money = timezone.now(), policies.may(request.membership, Permission.VIEW_MONEY)
    addresses = queries.addresses_of(customer)
    context = {
        "customer": customer,
        "phone": shown.phone(customer.phone),
        "figures": queries.figures_of([customer], now=now)[customer.pk],
        "since": words.month(customer.created_at.astimezone(request.tenant.zone).date()),
        "book_url": desk.url_of_new_visit(customer=customer.pk),
        "note_form": form,
        "notes": _notes(request, customer),
        **_messages(request, customer, addresses, may_see_money, now),
        "twins": [] if customer.erased_at else queries.twins_of(customer),
        "texts": shown.texts_of(customer, request.tenant),
        **_visits(request, customer, may_see_money, now),
    }
    if may_see_money:
        context |= _money(request, customer, addresses)
    return show(request, "dashboard/customers/card.html", context, here="customers", status=status)


def _messages(request, customer, addresses, with_money, now):
    """What waits for them, the newest of what does not, and which of their addresses get nothing."""
    places = _places(customer, addresses)
    found = mails.visible(mails.messages_to(places), with_money=with_money)
    waiting = mails.in_state(found, "waiting").order_by("due_at", "pk")[:MAILS]
    others = found.exclude(status__in=WAITING).order_by("-created_at", "-pk")[:MAILS]
    look = {"membership": request.membership, "zone": request.tenant.zone, "now": now}
    to = customer.email or str(customer.phone or "")
    return {
        "message_groups": message_groups.groups_of([*waiting, *others], **look),
        "messages_url": f"{reverse('dashboard:messages')}?{urlencode({'to': to})}" if to else "",
        "stopped": [shown.stopped(each, customer) for each in mails.suppressions_of(places)],
    }


def _places(customer, addresses=None):
    """Every address and number messages to the customer go to."""
    addresses = queries.addresses_of(customer) if addresses is None else addresses
    return [*addresses, *([str(customer.phone)] if customer.phone else [])]


def _visits(request, customer, with_money, now):
    bookings = queries.bookings_for_staff().filter(customer=customer).prefetch_related(None)
    bookings = bookings.select_related("series").prefetch_related("items__team_member")
    if with_money:
        bookings = money.with_money(bookings)
    coming = bookings.filter(status__in=OPEN, start_at__gt=now).order_by("start_at", "pk")[:UPCOMING]
    past = bookings.exclude(status__in=OPEN, start_at__gt=now).order_by("-start_at", "pk")
    found, pager, count = paged(request, past, per_page=VISITS)
    return {
        "coming": shown.visits(coming, with_money=with_money, now=now),
        "history": shown.visits(found, with_money=with_money, now=now),
        "history_count": count,
        "pager": pager,
        "called_off": past.filter(status=Status.CANCELED).count(),
    }


def _notes(request, customer):
    return [
        {"note": note, "when": words.when(note.at.astimezone(request.tenant.zone))}
        for note in customer.staff_notes.all()[:NOTES]
    ]


def _money(request, customer, addresses):
    cards = money.saved_cards_of(customer)[:CARDS]
    gifts = gift_cards.cards_of(customer=customer, addresses=addresses)[:CARDS]
    return {
        "spent": shown.spent_of(customer, money.spent_by([customer]), request.tenant),
        "cards": [
            {
                "name": card_name(card),
                "since": words.full_date(card.consented_at.astimezone(request.tenant.zone).date()),
            }
            for card in cards
        ],
        "gifts": [_gift(card) for card in gifts],
    }


def _gift(card):
    if card.is_package:
        until = f", until {words.plain_date(card.expiration_date)}" if card.expiration_date else ""
        off = "" if card.is_active else ", switched off"
        worth = f"{card.visits_left} of {card.usage_limit} visits left{until}{off}"
        return {"name": card.title, "tail": card.code_tail, "worth": worth}
    worth = f"{card.discount_percent} % off" if card.is_percentage else card.balance
    return {"name": "Gift card", "tail": card.code_tail, "worth": worth}


@require_POST
@page(Permission.EDIT_CUSTOMERS)
def add_note(request, pk):
    customer, form = found_or_404(pk), NoteForm(request.POST)
    if form.is_valid():
        try:
            customers.add_note(
                customer=customer, text=form.cleaned_data["text"], by=actor_of(request), now=timezone.now()
            )
        except DomainError as exc:
            fill_errors(form, exc)
        else:
            messages.success(request, "Note added.")
            return redirect("dashboard:customer", customer.pk)
    return card(request, customer, form, status=422)


@require_POST
@page(Permission.EDIT_CUSTOMERS)
def remove_note(request, pk, note_pk):
    note = get_object_or_404(CustomerNote, pk=note_pk, customer=found_or_404(pk))
    try:
        customers.remove_note(note=note, by=actor_of(request), now=timezone.now())
    except DomainError as exc:
        messages.error(request, str(exc))
    else:
        messages.success(request, "Note removed.")
    return redirect("dashboard:customer", note.customer_id)


@require_POST
@page(Permission.EDIT_CUSTOMERS)
def withdraw_consent(request, pk):
    customer = found_or_404(pk)
    try:
        customers.withdraw_consent(customer=customer, by=actor_of(request), now=timezone.now())
    except DomainError as exc:
        messages.error(request, str(exc))
    else:
        messages.success(request, f"{customer} gets no news any more.")
    return redirect("dashboard:customer", customer.pk)


@require_POST
@page(Permission.EDIT_CUSTOMERS)
def allow_messages(request, pk, suppression_pk):
    """Messages leave to one of the customer's addresses again; that of somebody else is not found here."""
    customer = found_or_404(pk)
    found = get_object_or_404(mails.suppressions_of(_places(customer)), pk=suppression_pk)
    try:
        messaging.allow_again(suppression=found, by=actor_of(request), now=timezone.now())
    except DomainError as exc:
        messages.error(request, str(exc))
    else:
        messages.success(request, f"Messages leave to {found.address} again.")
    return redirect("dashboard:customer", customer.pk)


@require_POST
@page(Permission.EDIT_CUSTOMERS)
def set_texts(request, pk):
    """What the customer has told the team about text messages."""
    customer, wanted = found_or_404(pk), request.POST.get("wanted") == "yes"
    try:
        customers.set_texts(customer=customer, wanted=wanted, by=actor_of(request), now=timezone.now())
    except DomainError as exc:
        messages.error(request, str(exc))
    else:
        messages.success(request, f"{customer} gets text messages." if wanted else f"{customer} gets no text messages.")
    return redirect("dashboard:customer", customer.pk)
