"""What a member is told by e-mail, written into the outbox by the transaction that makes it true; in their language."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.translation import gettext

from memberships import links, queries
from memberships.models import MembershipState
from messaging import services as messaging
from messaging.samples import salon_values
from tenants import languages

TRIGGER = "subscription"


@dataclass(frozen=True, slots=True)
class Told:
    """`facts` are (name, value), `button` what the link to the membership’s page is called."""

    subject: str
    title: str
    lines: tuple
    facts: tuple = ()
    button: str = ""


def tell_granted(*, business, grant, now):
    """A month is paid: how many visits, the code they are booked with, until when, and the next charge."""
    row = grant.membership

    def told():
        month = queries.month(grant, today=now.astimezone(business.zone).date())
        first = row.grants.count() == 1
        title = gettext("Your membership has begun.") if first else gettext("Your membership has been renewed.")
        lines = (
            gettext("%(amount)s was charged to your card.") % {"amount": grant.paid},
            gettext("The code pays for your visits: type it when you book."),
            gettext("What you do not use until the last day is not carried over."),
        )
        facts = (
            (gettext("Membership"), row.plan_name),
            (gettext("Included visits"), month.included),
            (gettext("Code"), month.code),
            (gettext("Last day"), languages.plain_date(month.last_day)),
            (gettext("Next charge"), _next(row, business)),
        )
        return Told(f"{row.plan_name}: {business.name}", title, lines, facts)

    _queue(business, row, "membership_paid", told, now, about_id=grant.pk, values=_values(business, row, grant))


def tell_moved(*, business, membership, before, now):
    """What became of it, where its customer has to know: not paid, ended."""
    if membership.state == MembershipState.PAST_DUE:
        _tell_unpaid(business, membership, now)
    elif membership.state == MembershipState.CANCELLED and before != MembershipState.STARTING:
        _tell_ended(business, membership, now)


def _tell_unpaid(business, row, now):
    def told():
        lines = (
            gettext("%(amount)s could not be charged.") % {"amount": row.price},
            gettext("There are no new included visits until it is paid."),
            gettext("Please use another card on your membership’s page."),
            gettext("The charge is tried again in the next days."),
        )
        title = gettext("Your membership could not be charged.")
        return Told(title, title, lines, ((gettext("Membership"), row.plan_name),), gettext("Use another card"))

    _queue(business, row, "membership_unpaid", told, now)


def _tell_ended(business, row, now):
    def told():
        lines = (
            gettext("Nothing more is charged for it."),
            gettext("What you have paid for stays good until its last day."),
        )
        title = gettext("Your membership has ended.")
        return Told(title, title, lines, ((gettext("Membership"), row.plan_name),))

    _queue(business, row, "membership_ended", told, now)


def tell_ending(*, business, membership, now):
    """It will end with the month, as somebody has pressed."""

    def told():
        day = languages.plain_date(membership.period_ends_at.astimezone(business.zone).date())
        lines = (
            gettext("It ends on %(day)s.") % {"day": day},
            gettext("Nothing more is charged for it."),
            gettext("What you have paid for stays good until its last day."),
        )
        title = gettext("Your membership is called off.")
        return Told(title, title, lines, ((gettext("Membership"), membership.plan_name),))

    _queue(business, membership, "membership_ending", told, now)


def tell_kept(*, business, membership, now):
    """It was called off, and goes on after all: who reads the last mail must know that they are charged again."""

    def told():
        facts = ((gettext("Membership"), membership.plan_name), (gettext("Next charge"), _next(membership, business)))
        title = gettext("Your membership goes on.")
        return Told(title, title, (gettext("It is not called off any more."),), facts)

    _queue(business, membership, "membership_kept", told, now)


def tell_refunded(*, business, grant, now):
    def say():
        return (
            gettext("A month of your membership was refunded."),
            gettext("%(amount)s goes back to your card; banks take a few days.") % {"amount": grant.paid},
            gettext("Visits of this month you have not used are taken back; what is booked stays booked."),
        )

    _tell_of_month(business, grant, "membership_refunded", say, now)


def tell_refund_failed(*, business, grant, now):
    def say():
        return (
            gettext("A refund of your membership did not arrive."),
            gettext("Your bank did not take %(amount)s that we gave back.") % {"amount": grant.paid},
            gettext("The month is paid as before, and its visits are yours again. Please talk to us."),
        )

    _tell_of_month(business, grant, "membership_refund_failed", say, now)


def _tell_of_month(business, grant, kind, say, now):
    """`say` gives a title and its lines, in the language that is spoken when the mail is written."""
    row = grant.membership

    def told():
        title, *lines = say()
        return Told(title, title, tuple(lines), ((gettext("Membership"), row.plan_name),))

    _queue(business, row, kind, told, now, about_id=grant.pk, again=True)


def _next(row, business):
    at = queries.next_charge(row)
    if not at:
        return gettext("none")
    day = languages.plain_date(at.astimezone(business.zone).date())
    return gettext("%(amount)s on %(day)s") % {"amount": row.price, "day": day}


def _values(business, row, grant):
    """What a salon's own words are filled with, in the language that is spoken."""

    def values():
        return salon_values(business) | {
            "customer_name": row.name,
            "subscription_name": row.plan_name,
            "amount": str(row.price),
            "renewal_date": languages.plain_date(grant.ends_at.astimezone(business.zone).date()),
            "subscription_link": links.membership_url(business=business, membership=row),
        }

    return values


def _queue(business, row, kind, told, now, *, about_id=None, again=False, values=None):
    """Once for each grant, or (without one, and `again`) for each instant it was written down at. `values`: the salon may
    have words of its own."""
    if not row.email:
        return
    wanted = business.languages_for(row.language)
    own = messaging.own_words(trigger=TRIGGER, wanted=wanted, values=values) if values else None
    with languages.speaking(own.language if own else languages.written(wanted)):
        words = told()
        context = {
            "own": own,
            "told": words,
            "business": business,
            "url": links.membership_url(business=business, membership=row),
            "name": row.name,
        }
        text, html = (render_to_string(f"memberships/mail/membership.{form}", context) for form in ("txt", "html"))
    messaging.queue(
        kind=kind,
        about_id=about_id or row.pk,
        version=0 if about_id and not again else int(now.timestamp()),
        recipient=row.email,
        reply_to=business.email,
        subject=own.subject if own else words.subject,
        text=text,
        html=html,
        now=now,
    )
