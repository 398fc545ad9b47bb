"""The buttons that close a visit, settle what a card did not give, and give money back.

Each says before the press what it takes, by the rule the press itself uses.
"""

from django.core.exceptions import PermissionDenied

from bookings import words
from bookings.desk import presses as diary
from bookings.desk.pressing import AskAgain, Press, Question, Said
from bookings.desk.shown import not_started, people_of, state_of, told_sentence
from bookings.models import Status
from payments import dispute_pack, queries, services, shown
from payments.desk.forms import CompletedForm, ReasonForm, RefundForm
from payments.desk.money import dispute_amount, dispute_reason, disputes_of
from payments.desk.states import FROZEN, corrections_of, open_press, stopped_charge
from payments.models import CHARGES, ActionKind, DisputeStatus, RefundType
from tenants import policies
from tenants.errors import DomainError
from tenants.money import Money
from tenants.permissions import Permission

VERBS = {
    ActionKind.COMPLETE: services.complete,
    ActionKind.NO_SHOW: services.no_show,
    ActionKind.CANCEL: services.cancel,
}
CHANGED = "This is another amount than the page showed before. Look at it and press once more; nothing was charged."


class Confirm(diary.Confirm):
    def has_card(self, booking):
        return queries.card_of(booking) is not None


class Close(Press):
    """Completed, No-show or Cancelled: it says what it takes, and takes exactly that.

    Where something else is due by now, or was typed, nothing is taken: the page is shown again with the new amount
    and the same key.
    """

    permission = Permission.CLOSE_VISITS

    def __init__(self, kind, *, correcting=False):
        self.kind, self.correcting = kind, correcting
        self.name = "correct" if correcting else str(kind)
        self.form_class = CompletedForm if kind == ActionKind.COMPLETE else ReasonForm
        if correcting:
            self.permission = Permission.REFUND

    def form(self, form_class, data, *, booking, presser):
        return form_class(data, business=presser.business, booking=booking, correcting=self.correcting)

    def act(self, booking, form, presser, sent):
        wish = form.wish() | {"correcting": self.correcting} | waived(presser, sent)
        try:
            action = closed(self.kind, booking, presser, key=form.press_key, seen=sent.get("seen"), **wish)
        except services.AmountChanged as exc:
            raise AskAgain(CHANGED) from exc
        except (services.ReasonMissing, services.AmountRefused) as exc:
            form.add_error("reason" if isinstance(exc, services.ReasonMissing) else "price", str(exc))
            raise AskAgain from exc
        return Said(*shown.outcome(action, booking, presser.now))

    def question(self, booking, form, presser):
        plan = planned(self.kind, booking, form, correcting=self.correcting, now=presser.now)
        may_waive = plan.let_go and policies.may(presser.membership, Permission.WAIVE_FEES)
        early = not_started(booking) if self.kind != ActionKind.CANCEL else []
        done = shown.DONE[self.kind]
        lines = (*about(self.kind, booking, presser.now), shown.held_sentence(booking), *plan.sentences)
        return Question(
            title=f"Correct to {done.lower()}" if self.correcting else done,
            button=plan.button,
            lines=tuple(line for line in lines if line),
            warnings=tuple(early),
            danger=self.kind == ActionKind.CANCEL,
            hidden=(("seen", plan.version),),
            more=(("waive", "1", plan.let_go),) if may_waive else (),
        )


def waived(presser, sent):
    """Let the fee go: for who may, where that button was pressed."""
    if "waive" not in sent:
        return {}
    if not policies.may(presser.membership, Permission.WAIVE_FEES):
        raise PermissionDenied
    return {"waive_fee": True}


def closed(kind, booking, presser, *, seen, **how):
    """The press itself. What takes money must have been seen."""
    seen = "" if how.get("waive_fee") else seen or "nothing"
    return VERBS[kind](business=presser.business, booking=booking, by=presser.by, now=presser.now, seen=seen, **how)


def planned(kind, booking, form, *, correcting, now):
    """The plan of what was typed, where that can be meant; else of the plain press."""
    wishes = [{}]
    if form.is_bound and form.is_valid():
        wishes.insert(0, form.wish())
    for wish in wishes:
        try:
            return shown.plan_of(kind, booking, now=now, wish=services.Wish(**wish, correcting=correcting))
        except DomainError:
            continue
    raise RuntimeError("The agreed price can always be charged.")


def about(kind, booking, now):
    """Whose visit, and what pressing does to it."""
    when = words.when(booking.local_start)
    if kind != ActionKind.CANCEL:
        return [f"{booking.contact_name}, {booking.service_name} with {people_of(booking)}, {when}."]
    if booking.status == Status.CANCELED:
        called_off = words.when(booking.canceled_at.astimezone(booking.zone))
        return [f"{booking.contact_name}’s visit on {when} was called off on {called_off}."]
    return [
        f"{booking.contact_name}’s visit on {when} is called off; the time is free at once.",
        told_sentence(booking),
        shown.free_sentence(booking, now),
    ]


class Correct(Press):
    """The wrong button was pressed, and its money has gone back: what was it really? `correcting` asks the next page."""

    name = "correct"
    permission = Permission.REFUND

    def question(self, booking, form, presser):
        return Question(
            title="Correct",
            button="",
            lines=(
                f"{booking.contact_name}’s visit on {words.when(booking.local_start)} is marked "
                f"{state_of(booking).lower()}, and no money is left taken for it. What was it really?",
            ),
            choices=tuple((f"to={kind}", shown.DONE[kind]) for kind in corrections_of(booking)),
        )

    def act(self, booking, form, presser, sent):
        raise AskAgain


def correcting(to):
    """The press that marks a visit differently; the page that asks as what, where `to` is none."""
    return Close(ActionKind(to), correcting=True) if to in VERBS else PRESSES["correct"]


# What a card did not give --------------------------------------------------------------------------


class Retry(Press):
    name = "retry"
    permission = Permission.CLOSE_VISITS

    def question(self, booking, form, presser):
        open_now, said = open_press(booking), []
        if open_now:
            said.append(f"{open_now.amount} is tried once more. Nobody is charged twice: it is the same payment.")
            said += [f"Last answer: {open_now.last_error}"] if open_now.last_error else []
        return Question(title="Try again", button="Try again", lines=tuple(said))

    def act(self, booking, form, presser, sent):
        tried = services.try_again(booking=booking, **by_whom(presser, form))
        return Said(*told(tried, booking, presser.now))


class SendLink(Press):
    name = "send_link"
    permission = Permission.CLOSE_VISITS

    def question(self, booking, form, presser):
        return Question(
            title="Send a link to the customer",
            button="Send the link",
            lines=(
                f"{booking.contact_name} gets a mail at {booking.contact_email} with a link to confirm the payment with "
                "the bank, or to give another card. The link is good for two weeks.",
                *owed(booking),
            ),
        )

    def act(self, booking, form, presser, sent):
        services.send_link(booking=booking, **by_whom(presser, form))
        return Said(f"A link was sent to {booking.contact_email}.")


class Settle(Press):
    """Paid in cash, or let go."""

    form_class = ReasonForm

    def __init__(self, name, title, line, *, permission, waive=False):
        self.name, self.title, self.line, self.permission, self.waive = name, title, line, permission, waive

    def question(self, booking, form, presser):
        charge = stopped_charge(booking)
        return Question(
            title=self.title,
            button=f"{self.title}: {charge.amount}" if charge else self.title,
            lines=(*owed(booking), self.line),
            danger=self.waive,
        )

    def act(self, booking, form, presser, sent):
        cash = services.take_cash(
            business=presser.business,
            booking=booking,
            **by_whom(presser, form),
            waive=self.waive,
            reason=form.cleaned_data["reason"],
        )
        return Said(*shown.cash_outcome(cash))


def by_whom(presser, form):
    return {"key": form.press_key, "by": presser.by, "now": presser.now}


def owed(booking):
    charge = stopped_charge(booking)
    if charge is None:
        return []
    return [f"{booking.contact_name}, {state_of(booking).lower()}: {charge.amount} is due."]


def told(action, booking, now):
    """(sentence, level) of a press that was driven once more, whatever it is about."""
    if action.kind == ActionKind.REFUND:
        return shown.refund_outcome(action, booking)
    if action.kind in CHARGES:
        return shown.outcome(action, booking, now)
    return shown.cash_outcome(action)


# Money back ----------------------------------------------------------------------------------------


class Refund(Press):
    """How much, to the card and to the gift card, and why."""

    name = "refund"
    permission = Permission.REFUND
    form_class = RefundForm

    def instead(self, booking, presser):
        payment = queries.payment_of(booking)
        if payment is None:
            return Said("Nothing was charged for this visit.", "WARNING")
        if payment.status in FROZEN:
            return Question(title="Refund", button="", warnings=(services.Disputed.message,))
        return None

    def question(self, booking, form, presser):
        payment = queries.payment_of(booking)
        fee_only = fee_of_no_show(payment)
        return Question(
            title="Refund",
            button="Refund",
            lines=(
                _most(booking, payment),
                *_uses(payment),
                "The platform’s fee is given back in proportion. The customer is told by e-mail.",
            ),
            danger=True,
            more=(("refund_type", RefundType.NO_SHOW_FEE_ONLY, f"No-show fee only: {fee_only}"),)
            if fee_only.cents
            else (),
        )

    def act(self, booking, form, presser, sent):
        fee_only = sent.get("refund_type") == RefundType.NO_SHOW_FEE_ONLY
        action = services.refund(
            business=presser.business,
            booking=booking,
            **by_whom(presser, form),
            amount_cents=None if fee_only else form.cleaned_data["amount"],
            reason=form.cleaned_data["reason"],
            refund_type=RefundType.NO_SHOW_FEE_ONLY if fee_only else "",
        )
        return Said(*shown.refund_outcome(action, booking))


def fee_of_no_show(payment):
    """What of the payment is a no-show fee that can still go back."""
    return Money(min(payment.no_show_fee_cents, payment.refundable.cents), payment.currency_code)


def _most(booking, payment):
    card, gift = payment.net_captured, payment.refundable - payment.net_captured
    to_card = shown.card_of_booking(booking)
    if not gift.cents:
        return f"At most {card} can go back to {to_card}."
    if not card.cents:
        return f"At most {gift} can go back to the gift card."
    return f"At most {payment.refundable} can go back: {card} to {to_card} first, then {gift} to the gift card."


def _uses(payment):
    if not payment.discount_cents:
        return []
    return ["When all of it goes back, the gift card’s percentage may be used once more."]


# A payment the customer's bank may take back -------------------------------------------------------


class DisputePack(Press):
    """What is in the pack, and the press that sends it to the bank, once."""

    name = "dispute_pack"
    permission = Permission.REFUND

    def question(self, booking, form, presser):
        dispute = open_dispute(booking)
        return Question(
            title="Dispute pack",
            button="Send to Stripe" if dispute else "",
            lines=tuple(line for line in (*_about(dispute, booking), *_sent(booking)) if line),
            choices=(("format=pdf", "Open the PDF"), ("format=json", "Save as JSON")),
        )

    def act(self, booking, form, presser, sent):
        dispute = open_dispute(booking)
        if dispute is None:
            raise services.DisputeAnswered
        pack = dispute_pack.pack_of(business=presser.business, booking=booking, now=presser.now)
        texts = dispute_pack.texts_for_stripe(pack=pack)
        services.answer_dispute(dispute=dispute, texts=texts, **by_whom(presser, form))
        return Said("Sent. The bank decides now; that can take two months.")


def open_dispute(booking):
    return next((found for found in disputes_of(booking) if found.status == DisputeStatus.OPEN), None)


def _about(dispute, booking):
    said = [
        "What the customer agreed to, from where and when; check-ins and every change; what was paid and given back; "
        "and the messages sent. Of this visit only."
    ]
    if dispute is None:
        return said
    due = dispute.evidence_due_at
    return [
        f"The customer’s bank disputes {dispute_amount(dispute)} ({dispute_reason(dispute)}).",
        *said,
        "Send to Stripe gives it to the bank as text. It can be sent once, and not changed afterwards."
        + (f" Answer by {words.when(due.astimezone(booking.zone))}." if due else ""),
    ]


def _sent(booking):
    """Where disputes that were answered stand."""
    return [
        f"Dispute of {dispute_amount(found)}: {shown.DISPUTE[found.status][0].lower()}."
        for found in disputes_of(booking)
        if found.status != DisputeStatus.OPEN
    ]


PRESSES = diary.PRESSES | {
    press.name: press
    for press in (
        Confirm(),
        *(Close(kind) for kind in VERBS),
        Correct(),
        Retry(),
        SendLink(),
        Settle(
            "paid_in_cash",
            "Paid in cash",
            "The salon takes it itself; the card is not charged for it any more.",
            permission=Permission.CLOSE_VISITS,
        ),
        Settle(
            "let_go",
            "Let it go",
            "Nobody pays it; the card is not charged for it any more.",
            permission=Permission.WAIVE_FEES,
            waive=True,
        ),
        Refund(),
        DisputePack(),
    )
}
