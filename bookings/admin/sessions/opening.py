"""Putting up sessions of a class: one, or one every week."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils import timezone

from audit.admin import actor_of
from bookings import availability, queries, services, words
from bookings.admin.clothes import dressed
from bookings.basket import Basket
from bookings.desk.baskets import choice
from bookings.desk.forms import OverrideForm, PressForm, StartForm
from bookings.models import Service, TeamMember
from tenants.errors import DomainError

MOST_WEEKS = 52


class SessionForm(OverrideForm, StartForm, PressForm):
    """A session to put up, this week and perhaps the ones after it."""

    field_order = ("service", "team_member", "date", "time", "weeks", "override")
    weeks = forms.IntegerField(
        label="Weeks",
        min_value=1,
        max_value=MOST_WEEKS,
        initial=1,
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


class Opening:
    """For the admin class: the form that opens sessions, and what became of each date."""

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        today = timezone.localdate(timezone=request.tenant.zone)
        form = dressed(SessionForm)(request.POST or None, business=request.tenant, initial={"date": today})
        if request.method == "POST" and form.is_valid():
            opened, refused = self.open_each(request, form)
            for text in () if opened else refused:
                form.add_error(None, text)
            if opened:
                self.say_opened(request, opened, refused)
                return redirect(self.back_url(opened[0] if len(opened) == 1 else None))
        no_class = "No service is a class yet. Switch on “Group booking” and “Class” on a service first."
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
                refused.append(f"{words.when(timezone.localtime(start))}: {self.why_not(request, form, start, exc)}")
            else:
                opened.append(session)
        return opened, refused

    def why_not(self, request, form, start, exc):
        """The reasons in a sentence each; where guests could book, it is because the session is there already."""
        if not isinstance(exc, services.SlotTaken | services.RuleBroken):
            return str(exc)
        basket = Basket.of(form.cleaned_data["service"], form.cleaned_data["team_member"])
        found = queries.explain(business=request.tenant, basket=basket, start=start, now=timezone.now())
        if found.bookable:
            return "This class takes place then already."
        texts = [
            f"{why.text.removesuffix('.')} ({why.ref})." if why.ref else why.text
            for why in found.reasons
            if why.code not in form.overridden()
        ]
        if isinstance(exc, services.SlotTaken):
            texts.insert(0, "That time has just been taken.")
        return " ".join(dict.fromkeys(texts)) or str(exc)

    def say_opened(self, request, opened, refused):
        dates = ", ".join(self.when(session) for session in opened)
        self.message_user(
            request, f"{words.count(len(opened), 'session', 'sessions')} opened: {dates}.", messages.SUCCESS
        )
        for text in refused:
            self.message_user(request, f"Not opened: {text}", messages.WARNING)
