"""A salon with one of everything, and its ids where a random request would never guess them."""

from dataclasses import dataclass

from django.utils import timezone

from bookings.models import Closure, ServiceCategory, SpecialDay, TimeBlock
from bookings.tests.factories import at, hold, make_member, make_service
from feeds.models import BusyCalendar, FeedLink
from giftcards.tests.making import make_card, make_offer
from memberships.tests.making import ended_membership
from payments.models import Payment
from payments.tests.making import book, with_fees
from reviews.tests.conftest import completed, rate
from tenants.api import tokens
from tenants.models import Membership, Role
from waitlist.tests.making import wait


@dataclass(frozen=True, slots=True)
class World:
    salon: object
    #: role → an access token
    tokens: dict
    #: name of a field or a parameter → an id that is there
    named: dict
    #: part of an address → the id that belongs behind it
    at_path: dict

    def headers(self, role):
        return {"Authorization": f"Bearer {self.tokens[role]}"} if role in self.tokens else {}

    def lead(self, case):
        """Put real ids where the request names any."""
        for name in case.path_parameters or {}:
            placed = [pk for part, pk in self.at_path.items() if part in case.path]
            known = self.named.get(name) or next(iter(placed), None)
            if known:
                case.path_parameters[name] = str(known)
        if isinstance(case.body, dict):
            case.body.update({name: str(pk) for name, pk in self.named.items() if name in case.body})


def make_world(*, salon, account, member):
    category = ServiceCategory.objects.create(name="Hair")
    cut = make_service(category=category)
    ann = make_member(performs=[cut])
    booking = book(with_fees(salon), cut, at(salon), account)
    far = timezone.now().date().replace(month=1, day=1, year=timezone.now().year + 2)
    block = TimeBlock.objects.create(team_member=ann, starts_at=at(salon, "16:00"), ends_at=at(salon, "17:00"))
    issued = {role: tokens.issue(user=member(role), business=salon)["access"] for role in Role.values}
    owner = Membership.objects.filter(business=salon, role=Role.OWNER).first()
    made = {"made_by_id": owner.user_id, "created_at": timezone.now()}
    named = {
        "service_id": cut.pk,
        "member_id": ann.pk,
        "team_member_id": ann.pk,
        "booking_id": booking.pk,
        "hold_id": hold(salon, cut, at(salon, "14:00")).pk,
        "tenant_id": salon.pk,
        "category_id": category.pk,
        "customer_id": booking.customer_id,
    }
    named |= {
        "wish_id": wait(salon, cut).pk,
        "review_id": rate(completed(salon, cut, "11:00"), text="Lovely.").pk,
        "link_id": FeedLink.objects.create(name="Office", digest="x", membership_id=owner.pk, **made).pk,
        "calendar_id": BusyCalendar.objects.create(name="Private", team_member=ann, **made).pk,
    }
    at_path = {
        "/waitlist/": named["wish_id"],
        "/reviews/": named["review_id"],
        "/calendars/feeds/": named["link_id"],
        "/calendars/busy/": named["calendar_id"],
        "/services/": cut.pk,
        "/service-categories/": category.pk,
        "/team/members/": ann.pk,
        "/special-days/": SpecialDay.objects.create(team_member=ann, date=far).pk,
        "/time-blocks/": block.pk,
        "/closures/": Closure.objects.create(start_date=far, end_date=far).pk,
        "/admin/bookings/": booking.pk,
        "/admin/customers/": booking.customer_id,
        "/gift-cards/": make_card().pk,
        "/packages/": make_offer(cut).pk,
        "/membership-plans/": (ended := ended_membership(salon, cut)).plan_id,
        "/memberships/": ended.pk,
        "/payments/status/": Payment.objects.get(booking=booking).pk,
    }
    return World(salon, issued, named, at_path)
