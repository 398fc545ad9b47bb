"""What somebody of the team can be told about, for whom, and how where nobody has chosen. Pure."""

from dataclasses import dataclass

from tenants.permissions import Permission

#: The kinds of our messages: one thing at once, a morning's together.
NOTICE, DIGEST = "staff_notice", "staff_digest"
NO_MAIL, AT_ONCE, IN_THE_MORNING = "", "now", "digest"
MAILS = ((NO_MAIL, "No e-mail"), (AT_ONCE, "At once"), (IN_THE_MORNING, "In the morning’s e-mail"))


@dataclass(frozen=True, slots=True)
class How:
    """In the dashboard, and by e-mail: NO_MAIL, AT_ONCE or IN_THE_MORNING."""

    shown: bool
    mail: str = NO_MAIL

    @property
    def tells(self):
        return self.shown or bool(self.mail)

    def as_json(self):
        return {"shown": self.shown, "mail": self.mail}


@dataclass(frozen=True, slots=True)
class Event:
    """`permission`: whom it concerns. `about`: what its id is of."""

    value: str
    label: str
    permission: Permission
    about: str = "visit"
    how: How = How(shown=True)


EVENTS = {
    event.value: event
    for event in (
        Event("visit_booked", "Somebody has booked", Permission.VIEW_DIARY),
        Event("visit_asked", "A request waits to be confirmed", Permission.WORK_DIARY),
        Event("visit_moved", "A customer has moved their visit", Permission.VIEW_DIARY),
        Event("visit_canceled", "A customer has cancelled", Permission.VIEW_DIARY),
        Event("review_written", "A customer has rated a visit", Permission.VIEW_CUSTOMERS, about="review"),
        Event("payment_stopped", "A payment needs attention", Permission.CLOSE_VISITS),
        Event("sale_disputed", "A bank asks about a gift card or package", Permission.CLOSE_VISITS, about="sale"),
        Event("membership_disputed", "A bank asks about a membership", Permission.CLOSE_VISITS, about="membership"),
        Event("message_failed", "A message could not be sent", Permission.WORK_DIARY, about="message"),
    )
}


def how_of(event, *rules):
    """The How of an event by the first of these {event: {shown, mail}} that says something of it."""
    for each in rules:
        found = each.get(event.value) if isinstance(each, dict) else None
        if isinstance(found, dict) and found.get("mail") in (NO_MAIL, AT_ONCE, IN_THE_MORNING):
            return How(bool(found.get("shown")), found["mail"])
    return event.how
