"""Completed, No-show and Cancelled for a whole list: one page that says what each takes, then one press each."""

from bookings import services as bookings
from bookings import words
from bookings.desk.forms import PressForm
from bookings.desk.pressing import Question, Said
from bookings.desk.shown import can_become, state_of
from payments import queries, services, shown
from payments.desk import presses
from payments.desk.forms import ReasonForm
from payments.models import ActionKind
from tenants import policies
from tenants.errors import DomainError
from tenants.permissions import Permission

#: Each waits for Stripe.
AT_ONCE = 20
VERB = {
    ActionKind.COMPLETE: ("Complete {}", "completed"),
    ActionKind.NO_SHOW: ("Mark {} as no-show", "marked as no-show"),
    ActionKind.CANCEL: ("Cancel {}", "cancelled"),
}


def chosen_of(visits):
    """The ticked visits in order of time; a Said where they are too many."""
    chosen = list(queries.with_gifts(visits).order_by("start_at")[: AT_ONCE + 1])
    return chosen if len(chosen) <= AT_ONCE else Said(f"Choose at most {AT_ONCE} visits at once.", "WARNING")


def form_of(kind):
    return PressForm if kind == ActionKind.COMPLETE else ReasonForm


def press(kind, chosen, form, presser, sent):
    """Press each of them, closed meanwhile or not: sent twice, it finds its own earlier presses by their keys.

    Returns a Said for each. A customer of several that are called off gets one message about them.
    """
    wish = {} if kind == ActionKind.COMPLETE else form.wish() | presses.waived(presser, sent)
    if kind == ActionKind.CANCEL:
        wish |= {"together": True}
    said = [_press(kind, booking, form, presser, sent, wish) for booking in chosen]
    if kind == ActionKind.CANCEL:
        bookings.tell_of_all(business=presser.business, bookings=chosen, now=presser.now)
    return said


def _press(kind, booking, form, presser, sent, wish):
    how = {"key": f"{form.press_key}:{booking.pk}", "seen": sent.get(f"seen-{booking.pk}")} | wish
    try:
        text, level = shown.outcome(presses.closed(kind, booking, presser, **how), booking, presser.now)
    except DomainError as exc:
        text, level = str(exc), "ERROR"
    return Said(f"{booking.ref}: {text}", level)


def question(kind, chosen, presser):
    """(Question, the visits it is about): what each takes. A Said where none of them can be closed that way."""
    ready = [booking for booking in chosen if may_close(kind, booking)]
    if not ready:
        return Said(f"None of these visits can be {VERB[kind][1]}.", "WARNING"), []
    plans = [(booking, shown.plan_of(kind, booking, now=presser.now)) for booking in ready]
    skipped = [f"{booking.ref} is skipped: {state_of(booking).lower()}." for booking in chosen if booking not in ready]
    early = [booking.ref for booking in ready if booking.start_at > presser.now and kind != ActionKind.CANCEL]
    fees = any(plan.let_go for _, plan in plans) and policies.may(presser.membership, Permission.WAIVE_FEES)
    asked = Question(
        title=shown.DONE[kind],
        button=VERB[kind][0].format(words.count(len(ready), "visit", "visits")),
        lines=tuple(f"{booking.ref}, {booking.contact_name}: {plan.text}" for booking, plan in plans),
        warnings=(*skipped, *([f"Not started yet: {', '.join(early)}."] if early else [])),
        danger=kind == ActionKind.CANCEL,
        hidden=tuple((f"seen-{booking.pk}", plan.version) for booking, plan in plans),
        more=(("waive", "1", "Let all these fees go"),) if fees else (),
    )
    return asked, ready


def may_close(kind, booking):
    """Whether a booking of the list can be closed that way; no query."""
    late = kind == ActionKind.CANCEL and queries.is_fee_due(booking)
    return late or can_become(booking, services.OUTCOMES[kind])
