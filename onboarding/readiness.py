"""Whether a booking page can open: what stands in its way, and what would make it better. Call in the salon's schema."""

from dataclasses import asdict, dataclass

from allauth.account.models import EmailAddress

from bookings.models import Booking, Service, Source, TeamMember, TeamMemberAvailability
from bookings.unbookable import unbookable
from payments.connect import rules as connect
from payments.subscriptions import rules as plans
from tenants.models import BusinessStatus, Role, User
from tenants.queries import departure_of


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is missing: `step` is the key of the step where it is mended ("" where it is not a step)."""

    code: str
    sentence: str
    step: str = ""

    def as_dict(self):
        return asdict(self)


def blockers(business):
    """Why the page cannot open, in the order of the steps; empty when it can."""
    found = [*_contact(business), *_menu(business), *_plan(business)]
    if Booking.objects.filter(source=Source.SAMPLE).exists():
        found.append(
            Finding("sample_data", "The sample data is still there. Remove it before real visits come in.", "go-live")
        )
    return found


def recommendations(business, progress):
    """What would be good to have and is not needed."""
    found = []
    if some := _partly_unbookable(business):
        names = ", ".join(f"“{service.name}”" for service in some[:3])
        found.append(
            Finding(
                "some_unbookable", f"Nobody could ever book {names}: no working day is long enough.", "availability"
            )
        )
    if not business.billing.charges_enabled:
        found.append(_stripe(business.billing))
    if not business.address_line1:
        found.append(Finding("no_address", "Customers do not see where you are.", "location"))
    if not business.logo:
        found.append(Finding("no_logo", "A logo makes the page yours.", "branding"))
    if not business.description:
        found.append(Finding("no_description", "A few words about the salon help people choose.", "business"))
    if 9 not in progress.completed_steps:
        found.append(
            Finding("no_policies", "You have not looked at your terms: what cancelling late costs.", "policies")
        )
    owner = User.objects.filter(memberships__business=business, memberships__role=Role.OWNER).first()
    if owner and not _is_confirmed(owner):
        found.append(
            Finding("email_unconfirmed", f"Confirm your own address: there is a mail in the box of {owner.email}.")
        )
    return found


def _contact(business):
    if not business.phone and not business.email:
        yield Finding("no_contact", "Customers need a number or an address to reach you.", "location")


def _menu(business):
    if not TeamMember.objects.filter(is_active=True).exists():
        yield Finding("no_team", "Nobody can be booked yet: add yourself, or your team.", "team")
        return
    services = list(Service.objects.bookable())
    if not services:
        yield Finding("no_services", "There is nothing to book yet: add a service that somebody performs.", "services")
    elif not TeamMemberAvailability.objects.filter(team_member__is_active=True).exists():
        yield Finding("no_hours", "Nobody works yet: say who works when.", "availability")
    elif len(unbookable(business=business, services=services)) == len(services):
        yield Finding("nothing_bookable", "Nobody could ever book anything by the hours as they are.", "availability")


def _plan(business):
    if departure_of(business):
        yield Finding("leaving", "The salon is about to be erased, as you asked. Call that off first.")
        return
    billing = business.billing
    if plans.site_status(billing.subscription_status, billing.pause_reason) != BusinessStatus.ACTIVE:
        yield Finding("plan_closed", "The plan has ended or is not paid for. Take it up again on the billing page.")


def _partly_unbookable(business):
    return unbookable(business=business, services=list(Service.objects.bookable()))


def _stripe(billing):
    if not billing.stripe_account_id:
        return Finding(
            "no_stripe", "Without Stripe you are paid in the salon only, and no card secures a visit.", "payments"
        )
    why = connect.sentence(billing.restricted_reason)
    return Finding(
        "stripe_unfinished", f"Stripe still needs something before cards can be taken. {why}".strip(), "payments"
    )


def _is_confirmed(user):
    return EmailAddress.objects.filter(user=user, verified=True).exists()
