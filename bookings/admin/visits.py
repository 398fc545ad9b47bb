"""Bookings in the salon's admin: a list, a page that is read, and buttons. A booking is never edited as a form.

Every button has a page of its own that says what will happen; what it does is a service. `payments.admin` registers
this class with the money added.
"""

import re
from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from audit.admin import SalonModelAdmin, actor_of, change_of
from audit.admin import words as act_words
from audit.models import AuditEntry
from bookings import queries, services, terms, words
from bookings.admin.filters import PersonFilter, ServiceFilter, StatusFilter, WhenFilter
from bookings.admin.forms import CancelForm, NewBookingForm, PressForm, RescheduleForm
from bookings.models import Source, Status
from bookings.services.changes import MOVABLE
from bookings.services.requests import find_by_key, remember_key
from bookings.services.status import ALLOWED
from messaging.models import Message
from tenants import policies
from tenants.admin import Grants
from tenants.errors import DomainError
from tenants.money import Money

BADGES = {
    Status.PENDING: "warning",
    Status.CONFIRMED: "info",
    Status.CHECKED_IN: "primary",
    Status.COMPLETED: "success",
    Status.NO_SHOW: "danger",
    Status.CANCELED: "",
}


def can_become(booking, status):
    return status in ALLOWED[Status(booking.status)] and not booking.hold_expires_at


class BookingAdmin(SalonModelAdmin):
    grants = Grants(add=policies.can_work)
    list_display = ("when", "reference", "customer_name", "service", "team_member", "state", "price_shown")
    list_display_links = ("when", "reference")
    list_filter = (WhenFilter, StatusFilter, PersonFilter, ServiceFilter)
    search_fields = ("ref", "contact_name", "contact_email", "customer__display_name", "customer__email")
    search_help_text = "Reference, name, e-mail or phone"
    list_fullwidth = True
    fields = ()
    change_form_template = "admin/salon/booking.html"
    actions_detail = (
        "check_in",
        "confirm",
        "reschedule",
        "cancel",
    )
    actions_row = ("check_in", "reschedule", "cancel")

    # Reading -----------------------------------------------------------------------------------

    def get_queryset(self, request):
        return queries.bookings_for_staff().prefetch_related(None)

    def get_ordering(self, request):
        """What comes next stands first, where the list looks ahead."""
        ahead = request.GET.get("when") in ("today", "tomorrow", "week", "coming", "unclosed")
        return ("start_at",) if ahead else ("-start_at",)

    def get_search_results(self, request, bookings, term):
        """Phones are found however they are written."""
        found, duplicates = super().get_search_results(request, bookings, term)
        digits = re.sub(r"\D", "", term).lstrip("0")
        if len(digits) >= 4 and not re.search(r"[a-zA-Z@]", term):
            found = found | bookings.filter(Q(contact_phone__contains=digits))
        return found, duplicates

    @display(description="when", ordering="start_at")
    def when(self, booking):
        return words.when(booking.local_start)

    @display(description="reference", ordering="ref")
    def reference(self, booking):
        return booking.ref

    @display(description="customer", ordering="contact_name")
    def customer_name(self, booking):
        return booking.contact_name

    @display(description="service")
    def service(self, booking):
        return booking.service_name

    @display(description="status", ordering="status", label=BADGES)
    def state(self, booking):
        return booking.status, state_of(booking)

    @display(description="price", ordering="price_cents")
    def price_shown(self, booking):
        return str(booking.price)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """The page of one booking; `add_view` has its own form."""
        booking = self.booking(request, object_id)
        return super().changeform_view(
            request, object_id, form_url, {**self.page(request, booking), **(extra_context or {})}
        )

    def page(self, request, booking):
        """What the booking's page shows, ready to print."""
        return {
            "title": booking.ref,
            "may_work": self.has_work_permission(request),
            "booking": booking,
            "badge": (state_of(booking), BADGES.get(booking.status, "")),
            "visit": self.visit(booking),
            "items": [(item, Money(item.price_cents, booking.currency_code)) for item in booking.items.all()],
            "agreed": agreed(booking),
            "mails": self.mails(request, booking),
            "trail": [
                (entry, act_words(entry.action), change_of(entry))
                for entry in AuditEntry.objects.filter(subject_type="bookings.booking", subject_id=str(booking.pk))
            ],
        }

    def visit(self, booking):
        """(label, value) lines about the visit."""
        zone = words.zone(booking.zone)
        lines = [
            (
                "When",
                f"{words.long_date(booking.local_date)}, {words.clock(booking.local_start)}–{words.clock(booking.local_end)}",
            ),
            ("Time zone", zone),
            ("Service", booking.service_name),
            ("With", booking.team_member.name),
            ("Price", str(booking.price)),
            ("Taken", f"{booking.get_source_display()}, {words.when(booking.created_at.astimezone(booking.zone))}"),
        ]
        if booking.attendee_count > 1:
            lines.insert(4, ("Guests", booking.attendee_count))
        if booking.cancellation_reason:
            lines.append(("Reason for cancelling", booking.cancellation_reason))
        if booking.cancellation_fee_cents:
            fee = Money(booking.cancellation_fee_cents, booking.currency_code)
            lines.append(("Fee owed by the terms", f"{fee}, not charged"))
        return lines

    def mails(self, request, booking):
        return list(Message.objects.filter(about_id=booking.pk).defer("text", "html", "attachments"))

    def booking(self, request, object_id):
        """The booking of the request, loaded once; 404 where there is none."""
        kept = getattr(request, "_salon_booking", None)
        if kept is None or str(kept.pk) != str(object_id):
            kept = self.get_object(request, object_id)
            if kept is None:
                raise Http404
            request._salon_booking = kept
        return kept

    def get_object(self, request, object_id, from_field=None):
        kept = getattr(request, "_salon_booking", None)
        if kept is not None and str(kept.pk) == str(object_id):
            return kept
        return super().get_object(request, object_id, from_field)

    # Buttons -----------------------------------------------------------------------------------

    def has_work_permission(self, request, obj=None):
        return policies.can_work(request.membership)

    def has_manage_permission(self, request, obj=None):
        return policies.can_manage(request.membership)

    def possible(self, booking):
        """Which buttons the booking's state allows, by name; services decide again."""
        now = timezone.now()
        return {
            "check_in": can_become(booking, Status.CHECKED_IN),
            "confirm": can_become(booking, Status.CONFIRMED),
            "reschedule": booking.status in MOVABLE and not booking.hold_expires_at and booking.start_at > now,
            "cancel": can_become(booking, Status.CANCELED),
        }

    def get_actions_detail(self, request, object_id):
        possible = self.possible(self.booking(request, object_id))
        prefix = f"{self.opts.app_label}_{self.opts.model_name}_"
        return [
            action
            for action in super().get_actions_detail(request, object_id)
            if possible.get(action.action_name.removeprefix(prefix), True)
        ]

    def ask(self, request, *, title, form, button, lines=(), warnings=(), booking=None, danger=False, **extra):
        """The page before a button acts: what exactly will happen, and the form that makes it happen once."""
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "original": booking,
            "form": form,
            "media": self.media + form.media,
            "lines": lines,
            "warnings": warnings,
            "button": button,
            "danger": danger,
            **extra,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/salon/press.html", context)

    def press(self, request, object_id, name, act, *, title, button, form_class=PressForm, lines=(), **page):
        """One button: GET asks, POST acts through a service and goes back to the booking with its answer.

        POST leaves it to the service whether it is possible: a press sent twice gets its first answer again.

        `act(booking, form)` returns the sentence to show and its level; what it refuses is shown as a sentence too.
        """
        booking = self.booking(request, object_id)
        if request.method != "POST" and not self.possible(booking).get(name, True):
            self.message_user(
                request, f"Not possible now: this booking is {state_of(booking).lower()}.", messages.WARNING
            )
            return self.back(booking)
        form = form_class(request.POST or None, business=request.tenant, booking=booking)
        if request.method == "POST" and form.is_valid():
            try:
                self.message_user(request, *act(booking, form))
            except DomainError as exc:
                self.message_user(request, str(exc), messages.ERROR)
            return self.back(booking)
        return self.ask(request, title=title, form=form, button=button, lines=lines, booking=booking, **page)

    def back(self, booking):
        return redirect("admin:bookings_booking_change", booking.pk)

    @action(description="Check in", permissions=["work"], url_path="check-in", icon="how_to_reg")
    def check_in(self, request, object_id):
        booking = self.booking(request, object_id)

        def act(booking, form):
            services.check_in(booking=booking, by=actor_of(request), now=timezone.now())
            return f"{booking.contact_name} is checked in.", messages.SUCCESS

        return self.press(
            request,
            object_id,
            "check_in",
            act,
            title="Check in",
            button="Check in",
            lines=[f"{booking.contact_name} has arrived for {booking.service_name} with {booking.team_member}."],
            warnings=not_started(booking),
        )

    @action(description="Confirm", permissions=["work"], icon="check", variant=ActionVariant.PRIMARY)
    def confirm(self, request, object_id):
        booking = self.booking(request, object_id)

        def act(booking, form):
            services.confirm_booking(
                business=request.tenant,
                booking=booking,
                by=actor_of(request),
                now=timezone.now(),
                card_on_file=self.has_card(booking),
            )
            return "Confirmed.", messages.SUCCESS

        return self.press(
            request,
            object_id,
            "confirm",
            act,
            title="Confirm",
            button="Confirm",
            lines=[f"{booking.contact_name} is promised {words.when(booking.local_start)} and gets a confirmation."],
        )

    def has_card(self, booking):
        """Whether a card was saved; `payments` knows."""
        return False

    @action(description="Cancel", permissions=["work"], icon="event_busy", variant=ActionVariant.DANGER)
    def cancel(self, request, object_id):
        booking = self.booking(request, object_id)

        def act(booking, form):
            services.cancel_booking(
                business=request.tenant,
                booking=booking,
                by=actor_of(request),
                now=timezone.now(),
                reason=form.cleaned_data["reason"],
            )
            return "Cancelled. The time is free again.", messages.SUCCESS

        return self.press(
            request,
            object_id,
            "cancel",
            act,
            form_class=CancelForm,
            title="Cancel the visit",
            button="Cancel the visit",
            danger=True,
            lines=[
                f"{booking.contact_name}’s visit on {words.when(booking.local_start)} is called off; the time is free at once.",
                "The customer is told by e-mail."
                if booking.contact_email
                else "There is no e-mail address: please call.",
                fee_sentence(booking),
            ],
        )

    @action(description="Reschedule", permissions=["work"], icon="update")
    def reschedule(self, request, object_id):
        booking = self.booking(request, object_id)
        if not self.possible(booking)["reschedule"]:
            self.message_user(request, "Only a visit that is still to come can be moved.", messages.WARNING)
            return self.back(booking)
        wall = booking.local_start
        initial = {"date": wall.date(), "time": words.clock(wall)}
        form = RescheduleForm(request.POST or None, business=request.tenant, booking=booking, initial=initial)
        offers = []
        if request.method == "POST" and form.is_valid():
            member = form.cleaned_data["team_member"]
            service = booking.items.select_related("service").get(position=0).service
            try:
                moved = services.reschedule_booking(
                    business=request.tenant,
                    booking=booking,
                    start=form.cleaned_data["start"],
                    by=actor_of(request),
                    now=timezone.now(),
                    team_member=member,
                    override=form.overridden(),
                )
            except DomainError as exc:
                form.add_error(None, str(exc))
                offers = self.offers(request, service, form)
            else:
                done = f"Moved to {words.when(moved.local_start)} with {moved.team_member}."
                self.message_user(request, done, messages.SUCCESS)
                return self.back(booking)
        return self.ask(
            request,
            title="Reschedule",
            form=form,
            button="Move the visit",
            booking=booking,
            offers=offers,
            lines=[
                f"{booking.contact_name}, {booking.service_name} with {booking.team_member}, now on {words.when(wall)}.",
                "The agreed price stays. The customer is told by e-mail.",
            ],
        )

    def offers(self, request, service, form):
        """Free times near the one that was refused, as (epoch seconds, words)."""
        member = form.cleaned_data["team_member"]
        slots = queries.alternatives(
            business=request.tenant,
            service=service,
            start=form.cleaned_data["start"],
            now=timezone.now(),
            member_id=member.pk if member else None,
        )
        zone = request.tenant.zone
        return [(slot.start, words.when(slot.start_at.astimezone(zone))) for slot in slots]

    # Bookings taken by phone or at the door ----------------------------------------------------

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        now = timezone.now().astimezone(request.tenant.zone)
        form = NewBookingForm(request.POST or None, business=request.tenant, initial={"date": now.date()})
        offers = []
        if request.method == "POST" and form.is_valid():
            try:
                booking = self.take_booking(request, form)
            except DomainError as exc:
                form.add_error(None, str(exc))
                offers = self.offers(request, form.cleaned_data["service"], form)
            else:
                done = f"Booked: {booking.contact_name}, {words.when(booking.local_start)} with {booking.team_member}."
                self.message_user(request, done, messages.SUCCESS)
                return self.back(booking)
        return self.ask(
            request,
            title="Add booking",
            form=form,
            button="Book",
            offers=offers,
            lines=["No card is asked for: the visit is paid at the salon."],
        )

    def take_booking(self, request, form):
        """Hold, details, confirmation: the same steps a customer takes. A repeated press finds the first one's booking."""
        business, now, key, params = request.tenant, timezone.now(), form.press_key, form.params()
        if earlier := find_by_key(key=key, params=params):
            return earlier
        try:
            booking = services.hold_slot(
                business=business,
                service=form.cleaned_data["service"],
                start=form.cleaned_data["start"],
                now=now,
                team_member=form.cleaned_data["team_member"],
                source=Source.STAFF,
                override=form.overridden(),
            )
        except services.SlotTaken:
            if earlier := find_by_key(key=key, params=params):  # the twin of a double click
                return earlier
            raise
        try:
            remember_key(booking=booking, key=key, params=params)
            self.submit(business=business, booking=booking, details=form.details(), by=actor_of(request), now=now)
            return services.confirm_booking(business=business, booking=booking, by=actor_of(request), now=now)
        except DomainError:
            services.release_hold(booking=booking)
            raise

    def submit(self, *, business, booking, details, by, now):
        """Who comes; `payments` adds what is owed."""
        services.submit_details(business=business, booking=booking, details=details, address=None, by=by, now=now)


def state_of(booking):
    """The state in staff's words."""
    if booking.status == Status.PENDING:
        return "Card step" if booking.hold_expires_at else "To be confirmed"
    return booking.get_status_display()


def not_started(booking):
    """A warning where the visit lies ahead."""
    if booking.start_at > timezone.now():
        return [f"This visit has not started yet: it is on {words.when(booking.local_start)}."]
    return []


def fee_sentence(booking):
    if not booking.consent:
        return "No fee was agreed to for this visit."
    cents = terms.cancellation_fee(consent=booking.consent, now=timezone.now())
    if not cents:
        return "By the terms the customer accepted, cancelling now is free."
    fee = Money(cents, booking.currency_code)
    return (
        f"By the terms the customer accepted, {fee} is owed for cancelling now. It is only noted; nothing is charged."
    )


def agreed(booking):
    """(label, value) lines of what the customer agreed to, or nothing where staff took the booking."""
    consent = booking.consent
    if not consent:
        return []

    def at(name):
        return words.when(datetime.fromisoformat(consent[name]).astimezone(booking.zone))

    return [
        ("Agreed", at("agreed_at")),
        ("From address", consent.get("address") or "–"),
        ("Free to cancel until", at("free_until")),
        ("Fee for cancelling late", str(Money(consent["cancellation_fee_cents"], consent["currency_code"]))),
        ("Fee for not coming", str(Money(consent["no_show_fee_cents"], consent["currency_code"]))),
        ("Version of the terms", consent["digest"][:12]),
    ]
