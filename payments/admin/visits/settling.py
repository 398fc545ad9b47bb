"""What a card did not give: tried again, asked for by a link, taken at the till, or let go."""

from django.contrib import messages
from django.utils import timezone
from unfold.decorators import action
from unfold.enums import ActionVariant

from audit.admin import actor_of
from bookings.admin import visits
from payments import services
from payments.admin import shown
from payments.admin.visits.forms import ReasonForm
from payments.admin.visits.states import open_press, stopped_charge
from payments.models import CHARGES, ActionKind


class Settling:
    """For the admin class: the buttons of a payment that did not come through."""

    @action(description="Try again", permissions=["close_visits"], icon="refresh", variant=ActionVariant.PRIMARY)
    def retry(self, request, object_id):
        booking = self.booking(request, object_id)
        open_now = open_press(booking)
        said = []
        if open_now:
            said.append(f"{open_now.amount} is tried once more. Nobody is charged twice: it is the same payment.")
            said += [f"Last answer: {open_now.last_error}"] if open_now.last_error else []

        def act(booking, form):
            tried = services.try_again(booking=booking, **self.by_whom(request, form))
            return told(tried, booking)

        return self.press(request, object_id, "retry", act, title="Try again", button="Try again", lines=said)

    @action(description="Send a link", permissions=["close_visits"], url_path="send-link", icon="forward_to_inbox")
    def send_link(self, request, object_id):
        def act(booking, form):
            services.send_link(booking=booking, **self.by_whom(request, form))
            return f"A link was sent to {booking.contact_email}.", messages.SUCCESS

        booking = self.booking(request, object_id)
        return self.press(
            request,
            object_id,
            "send_link",
            act,
            title="Send a link to the customer",
            button="Send the link",
            lines=[
                f"{booking.contact_name} gets a mail at {booking.contact_email} with a link to confirm the payment with "
                "the bank, or to give another card. The link is good for two weeks.",
                *owed(booking),
            ],
        )

    @action(description="Paid in cash", permissions=["close_visits"], url_path="paid-in-cash", icon="payments")
    def paid_in_cash(self, request, object_id):
        return self.settle(
            request,
            object_id,
            "paid_in_cash",
            title="Paid in cash",
            line="The salon takes it itself; the card is not charged for it any more.",
        )

    @action(description="Let it go", permissions=["waive_fees"], url_path="let-go", icon="money_off")
    def let_go(self, request, object_id):
        return self.settle(
            request,
            object_id,
            "let_go",
            title="Let it go",
            line="Nobody pays it; the card is not charged for it any more.",
            waive=True,
            danger=True,
        )

    def settle(self, request, object_id, name, *, title, line, waive=False, danger=False):
        def act(booking, form):
            cash = services.take_cash(
                business=request.tenant,
                booking=booking,
                **self.by_whom(request, form),
                waive=waive,
                reason=form.cleaned_data["reason"],
            )
            return shown.cash_outcome(cash)

        booking = self.booking(request, object_id)
        charge = stopped_charge(booking)
        amount = f": {charge.amount}" if charge else ""
        return self.press(
            request,
            object_id,
            name,
            act,
            form_class=ReasonForm,
            title=title,
            button=f"{title}{amount}",
            danger=danger,
            lines=[*owed(booking), line],
        )

    def by_whom(self, request, form):
        return {"key": form.press_key, "by": actor_of(request), "now": timezone.now()}


def owed(booking):
    charge = stopped_charge(booking)
    if charge is None:
        return []
    return [f"{booking.contact_name}, {visits.state_of(booking).lower()}: {charge.amount} is due."]


def told(action, booking):
    """(sentence, level) of a press that was driven once more, whatever it is about."""
    if action.kind == ActionKind.REFUND:
        return shown.refund_outcome(action, booking)
    if action.kind in CHARGES:
        return shown.outcome(action, booking, timezone.now())
    return shown.cash_outcome(action)
