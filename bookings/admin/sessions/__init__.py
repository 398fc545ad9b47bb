"""Classes: the sessions that are coming, who sits in them, and the form that puts new ones up."""

from datetime import UTC, datetime

from django.contrib import messages
from django.contrib.admin import SimpleListFilter
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from audit.admin import SalonModelAdmin, actor_of
from bookings import queries, services, words
from bookings.admin.asking import Asking
from bookings.admin.forms import PressForm
from bookings.admin.sessions.opening import Opening
from bookings.basket import Basket
from bookings.desk.baskets import query_of
from bookings.models import GroupSession
from tenants.admin import Grants, register
from tenants.errors import DomainError
from tenants.money import Money
from tenants.permissions import Permission

EVER = {"first": datetime(1970, 1, 1, tzinfo=UTC), "last": datetime(9999, 1, 1, tzinfo=UTC)}


class ComingFilter(SimpleListFilter):
    """What is still to come, unless somebody looks back."""

    title = "date"
    parameter_name = "when"

    def lookups(self, request, model_admin):
        return (("past", "Past"), ("all", "All"))

    def choices(self, changelist):
        _, *others = super().choices(changelist)
        coming = changelist.get_query_string(remove=[self.parameter_name])
        return [{"selected": self.value() is None, "query_string": coming, "display": "Coming"}, *others]

    def queryset(self, request, sessions):
        match self.value():
            case "all":
                return sessions
            case "past":
                return sessions.filter(end_at__lt=timezone.now())
        return sessions.filter(end_at__gte=timezone.now())


@register(GroupSession)
class SessionAdmin(Opening, Asking, SalonModelAdmin):
    """A session is read, opened and closed; its guests come by bookings."""

    grants = Grants(add=Permission.WORK_DIARY)
    list_display = ("when", "name", "person", "taken", "left")
    list_display_links = ("when", "name")
    list_filter = (ComingFilter,)
    search_fields = ("service__name", "team_member__first_name", "team_member__display_name")
    ordering = ("start_at",)
    list_fullwidth = True
    fields = ()
    change_form_template = "admin/salon/session.html"
    actions_detail = ("add_guest", "close")

    # Reading -----------------------------------------------------------------------------------

    def get_queryset(self, request):
        return queries.sessions(**EVER)

    @display(description="when", ordering="start_at")
    def when(self, session):
        return words.when(timezone.localtime(session.start_at))

    @display(description="class", ordering="service__name")
    def name(self, session):
        return session.snapshot["name"]

    @display(description="team member", ordering="team_member")
    def person(self, session):
        return session.team_member.name

    @display(description="taken", ordering="taken")
    def taken(self, session):
        return session.taken

    @display(description="free", ordering="free")
    def left(self, session):
        return session.free

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """The page of one session; `add_view` has its own form."""
        session = self.session(request, object_id)
        context = {
            "title": session.snapshot["name"],
            "session": session,
            "facts": facts(session),
            "takes_guests": self.has_work_diary_permission(request) and takes_guests(session),
            "free_text": f"{session.free} free",
            "seats": [(seat, seat.item and seat.item.booking) for seat in seats_of(session)],
        }
        return super().changeform_view(request, object_id, form_url, {**context, **(extra_context or {})})

    def session(self, request, object_id):
        """The session of the request, loaded once; 404 where there is none."""
        session = self.get_object(request, object_id)
        if session is None:
            raise Http404
        return session

    def get_object(self, request, object_id, from_field=None):
        kept = getattr(request, "_salon_session", None)
        if kept is None or str(kept.pk) != str(object_id):
            kept = request._salon_session = super().get_object(request, object_id, from_field)
        return kept

    # Buttons -----------------------------------------------------------------------------------

    def get_actions_detail(self, request, object_id):
        session = self.session(request, object_id)
        possible = {
            "add_guest": takes_guests(session),
            "close": session.end_at > timezone.now() and not session.taken,
        }
        prefix = f"{self.opts.app_label}_{self.opts.model_name}_"
        return [
            each
            for each in super().get_actions_detail(request, object_id)
            if possible[each.action_name.removeprefix(prefix)]
        ]

    @action(description="Add a guest", permissions=["work_diary"], url_path="add-guest", icon="person_add")
    def add_guest(self, request, object_id):
        """The form that adds a booking, filled in with this session."""
        session = self.session(request, object_id)
        wall = timezone.localtime(session.start_at)
        query = query_of(basket=Basket.of(session.service, session.team_member), start=wall)
        return redirect(f"{reverse('admin:bookings_booking_add')}?{query}")

    @action(description="Close", permissions=["work_diary"], icon="event_busy", variant=ActionVariant.DANGER)
    def close(self, request, object_id):
        session = self.session(request, object_id)
        form = PressForm(request.POST or None, business=request.tenant)
        about = f"{session.snapshot['name']} with {session.team_member}, {self.when(session)}"
        if request.method == "POST" and form.is_valid():
            try:
                services.close_session(session=session, by=actor_of(request), now=timezone.now())
            except DomainError as exc:
                self.message_user(request, str(exc), messages.ERROR)
                return redirect(self.back_url(session))
            self.message_user(request, f"Closed: {about}. The time is free again.", messages.SUCCESS)
            return redirect(self.back_url())
        return self.ask(
            request,
            title="Close the session",
            form=form,
            button="Close the session",
            danger=True,
            original=session,
            lines=[f"{about}.", "Nobody has a seat in it. It is taken out of the diary; the time is free at once."],
        )


def takes_guests(session):
    return session.free > 0 and session.start_at > timezone.now()


def facts(session):
    """(label, value) lines about a session."""
    start, end = timezone.localtime(session.start_at), timezone.localtime(session.end_at)
    snapshot = session.snapshot
    return [
        ("When", f"{words.long_date(start.date())}, {words.clock(start)}–{words.clock(end)}"),
        ("With", session.team_member.name),
        ("Price", f"{Money(snapshot['price_cents'], snapshot['currency_code'])} a guest"),
        ("Seats", f"{session.taken} taken, {session.free} free"),
        ("Opened", "By the salon" if session.scheduled else "By its first guest; it ends with its last one"),
    ]


def seats_of(session):
    """The seats in order, each with its guest's booking where it is taken."""
    return session.seats.select_related("item__booking")
