"""Why a time cannot be booked: for every service and person the rule that says no, and the booking or block behind it."""

from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import action

from bookings import queries, services, words
from bookings.admin.forms import WhyForm
from bookings.desk.baskets import query_of
from bookings.desk.reasons import Told, refusal
from bookings.models import Booking


class Explaining:
    """For the admin class: the page “Why not?”, and the answer beside a refused form."""

    actions_list = ("why",)

    @action(description="Why not?", permissions=["view"], url_path="why", icon="help")
    def why(self, request):
        """Asked by GET, so that an answer can be sent to a colleague; nothing is written."""
        today = timezone.localdate(timezone=request.tenant.zone)
        moving = self.moving(request)
        if "date" in request.GET and "more" not in request.GET:
            form = WhyForm(request.GET, business=request.tenant)
        else:
            form = WhyForm.filled(request.GET, business=request.tenant, initial={"date": today})
        answer = self.answer(request, form, moving) if form.is_bound and form.is_valid() else {}
        context = {
            **self.admin_site.each_context(request),
            "title": "Why not?",
            "opts": self.opts,
            "form": form,
            "media": self.media + form.media,
            "moving": moving,
            "back_url": self.back_url(moving),
            **answer,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/salon/why.html", context)

    def moving(self, request):
        """The booking that would move there: its own time counts as free. None for a new one, or one that is gone."""
        ref = request.GET.get("moving", "")
        return self.get_queryset(request).filter(ref=ref).first() if ref else None

    def answer(self, request, form, moving):
        """What the page says about the start: that it can be booked and where, or the reasons and the nearest free times."""
        basket, start = form.cleaned_data["basket"], form.cleaned_data["start"]
        asked = {"business": request.tenant, "basket": basket, "now": timezone.now(), "without": moving}
        try:
            services.check_basket(basket)
        except services.NotBookable as exc:
            return {"refused": str(exc)}
        explanation = queries.explain(**asked, start=start)
        wall = start.astimezone(request.tenant.zone)
        found = {"asked": words.when(wall), "bookable": explanation.bookable}
        if explanation.bookable:
            may_work = self.has_work_diary_permission(request)
            return found | {"book_url": book_url(basket, wall, moving) if may_work else ""}
        slots = queries.alternatives(**asked, start=start)
        return found | {
            "why": Told(explanation, start=start, url_of=url_of),
            "nearest": self.nearest(request, basket, slots, moving),
        }

    def nearest(self, request, basket, slots, moving):
        """(words, address) of free times; the address is empty for those who only read."""
        may_work, zone = self.has_work_diary_permission(request), request.tenant.zone
        walls = [slot.start_at.astimezone(zone) for slot in slots]
        return [(words.when(wall), book_url(basket, wall, moving) if may_work else "") for wall in walls]

    def refuse(self, request, form, exc, basket, *, without=None):
        """Put a refusal on its form, and return what is shown below it: every reason, and free times to pick instead."""
        asked = {"business": request.tenant, "basket": basket, "now": timezone.now(), "without": without}
        return refusal(form, exc, **asked, url_of=url_of)

    @action(description="Why not another time?", permissions=["view"], url_path="why-not", icon="help")
    def why_not(self, request, object_id):
        """The page “Why not?”, filled in with this visit."""
        booking = self.booking(request, object_id)
        wall = booking.start_at.astimezone(request.tenant.zone)
        query = query_of(basket=queries.basket_of(booking), start=wall, moving=booking.ref)
        return redirect(f"{reverse('admin:bookings_booking_why')}?{query}")


PAGES = {
    "visit": "admin:bookings_booking_change",
    "class": "admin:bookings_groupsession_change",
    "person": "admin:bookings_teammember_change",
    "resource": "admin:bookings_resource_changelist",
}


def url_of(what, pk):
    """Where a cause is found in the admin."""
    return reverse(PAGES[what], args=[pk] if pk else [])


def book_url(basket, wall, moving: Booking | None):
    """The form that books a start, or moves a visit there, filled in."""
    if moving is None:
        return f"{reverse('admin:bookings_booking_add')}?{query_of(basket=basket, start=wall)}"
    people = {f"person_{n}": each.team_member.pk for n, each in enumerate(basket.wanted) if each.team_member}
    query = query_of(basket=basket, start=wall, **people)
    return f"{reverse('admin:bookings_booking_reschedule', args=[moving.pk])}?{query}"
