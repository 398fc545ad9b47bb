"""Classes: the sessions that are coming, who sits in them, and the form that puts new ones up."""

from datetime import UTC, datetime, timedelta

from django import forms
from django.contrib import messages
from django.contrib.admin import SimpleListFilter
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from audit.admin import SalonModelAdmin, actor_of
from bookings import availability, queries, services, words
from bookings.admin.asking import Asking
from bookings.admin.baskets import choice, query_of
from bookings.admin.forms import OverrideForm, PressForm, StartForm
from bookings.basket import Basket
from bookings.models import GroupSession, Service, TeamMember
from tenants import policies
from tenants.admin import Grants, register
from tenants.errors import DomainError
from tenants.money import Money

EVER = {"first": datetime(1970, 1, 1, tzinfo=UTC), "last": datetime(9999, 1, 1, tzinfo=UTC)}
MOST_WEEKS = 52


class SessionForm(OverrideForm, StartForm, PressForm):
    """A session to put up, this week and perhaps the ones after it."""

    field_order = ("service", "team_member", "date", "time", "weeks", "override")
    weeks = forms.IntegerField(
        label="Weeks",
        min_value=1,
        max_value=MOST_WEEKS,
        initial=1,
        widget=UnfoldAdminIntegerFieldWidget(),
        help_text="1 is this one alone; 8 is every week at this time, eight times in all.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.classes = {str(each.pk): each for each in Service.objects.bookable().filter(shared_session=True)}
        people = {str(member.pk): member for member in TeamMember.objects.filter(is_active=True)}
        self.fields["service"] = choice("Class", self.classes, "Choose a class")
        self.fields["team_member"] = choice("With", people, "Choose a person")
        for name in ("service", "team_member"):
            self.fields[name].required = True
        self.order_fields(self.field_order)

    def starts(self):
        """The instants asked for: the same time on the wall every week, whatever the clocks do (D2)."""
        zone, first = self.business.zone, self.cleaned_data["date"]
        days = (first + timedelta(weeks=week) for week in range(self.cleaned_data["weeks"]))
        minutes = self.cleaned_data["time"]
        return [availability.instant(availability.wall_to_utc(day, minutes, zone, end=False)) for day in days]


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
class SessionAdmin(Asking, SalonModelAdmin):
    """A session is read, opened and closed; its guests come by bookings."""

    grants = Grants(add=policies.can_work)
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

    def has_work_permission(self, request, obj=None):
        return policies.can_work(request.membership)

    def get_actions_detail(self, request, object_id):
        session = self.session(request, object_id)
        coming = session.end_at > timezone.now()
        possible = {"add_guest": coming and session.free > 0, "close": coming and not session.taken}
        prefix = f"{self.opts.app_label}_{self.opts.model_name}_"
        return [
            each
            for each in super().get_actions_detail(request, object_id)
            if possible[each.action_name.removeprefix(prefix)]
        ]

    @action(description="Add a guest", permissions=["work"], url_path="add-guest", icon="person_add")
    def add_guest(self, request, object_id):
        """The form that adds a booking, filled in with this session."""
        session = self.session(request, object_id)
        wall = timezone.localtime(session.start_at)
        query = query_of(basket=Basket.of(session.service, session.team_member), start=wall)
        return redirect(f"{reverse('admin:bookings_booking_add')}?{query}")

    @action(description="Close", permissions=["work"], icon="event_busy", variant=ActionVariant.DANGER)
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

    # Opening -----------------------------------------------------------------------------------

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        today = timezone.localdate(timezone=request.tenant.zone)
        form = SessionForm(request.POST or None, business=request.tenant, initial={"date": today})
        if request.method == "POST" and form.is_valid():
            opened, refused = self.open_each(request, form)
            for text in () if opened else refused:
                form.add_error(None, text)
            if opened:
                self.say_opened(request, opened, refused)
                return redirect(self.back_url(opened[0] if len(opened) == 1 else None))
        no_class = "No service is a class yet. Switch on group booking and “Shared session” on a service first."
        return self.ask(
            request,
            title="Open a session",
            form=form,
            button="Open",
            lines=["Guests join it from the booking page, or you add them here."],
            warnings=[] if form.classes else [no_class],
        )

    def open_each(self, request, form):
        """The sessions that were opened, and a sentence for each date that was refused."""
        opened, refused = [], []
        for start in form.starts():
            try:
                session = services.open_session(
                    business=request.tenant,
                    service=form.cleaned_data["service"],
                    team_member=form.cleaned_data["team_member"],
                    start=start,
                    by=actor_of(request),
                    now=timezone.now(),
                    override=form.overridden(),
                )
            except DomainError as exc:
                refused.append(f"{words.when(timezone.localtime(start))}: {exc}")
            else:
                opened.append(session)
        return opened, refused

    def say_opened(self, request, opened, refused):
        dates = ", ".join(self.when(session) for session in opened)
        self.message_user(
            request, f"{words.count(len(opened), 'session', 'sessions')} opened: {dates}.", messages.SUCCESS
        )
        for text in refused:
            self.message_user(request, f"Not opened: {text}", messages.WARNING)


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
