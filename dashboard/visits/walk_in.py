"""Somebody stands at the desk: a service, whoever is free first, and they are checked in."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django import forms
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from phonenumber_field.formfields import PhoneNumberField

from audit.admin import actor_of
from bookings import availability, queries, services, words
from bookings.basket import Basket
from bookings.desk.forms import PressForm
from bookings.desk.pressing import Said
from bookings.desk.shown import people_of
from bookings.forms import example_number
from bookings.models import Service, Status, TeamMember
from bookings.services import Details
from dashboard import desk
from dashboard.frame import page, show
from payments import services as payments
from tenants.errors import DomainError
from tenants.money import Money
from tenants.permissions import Permission

#: So many services are buttons; more are a list to choose from.
MOST_AT_HAND = 16
#: Who waits longer comes back: that is a visit of its own.
SOON = timedelta(hours=3)
#: Who leaves no name.
SOMEBODY = "Walk-in"


class WalkInForm(PressForm):
    """With whom and when is one press: `person` and `start` are what the pressed button says."""

    service = forms.TypedChoiceField(label="Service", error_messages={"required": "Choose a service."})
    name = forms.CharField(label="Name", max_length=160, required=False)
    phone = PhoneNumberField(
        label="Phone", required=False, widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"})
    )
    press = forms.RegexField(
        r"\A[0-9a-f-]{36}@\d{1,12}\Z",
        widget=forms.HiddenInput,
        error_messages={"required": "Choose who does it.", "invalid": "Choose who does it."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.services = {str(service.pk): service for service in Service.objects.bookable()}
        field = self.fields["service"]
        field.choices = [("", "Choose a service"), *((pk, str(service)) for pk, service in self.services.items())]
        field.coerce = self.services.get
        phone = self.fields["phone"]
        phone.region = self.business.country
        example = example_number(phone.region)
        phone.error_messages["invalid"] = f"Please write the number with its area code, for example {example}."

    def details(self):
        data = self.cleaned_data
        phone = data["phone"].as_e164 if data["phone"] else ""
        return Details(name=" ".join(data["name"].split()) or SOMEBODY, email="", phone=phone)


@dataclass(frozen=True, slots=True)
class Chance:
    """Somebody who can take the guest, and from when."""

    press: str
    name: str
    time: str
    wait: str
    price: str


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WORK_DIARY)
def walk_in(request):
    """GET with `service` says who is free; a press on one of them books, and checks in."""
    if request.method != "POST":
        form = WalkInForm(business=request.tenant, initial={"service": request.GET.get("service", "")})
        return ask(request, form, form.services.get(request.GET.get("service", "")))
    form = WalkInForm(request.POST, business=request.tenant)
    service = form.services.get(request.POST.get("service", ""))
    if "press" not in request.POST or not form.is_valid():
        form = form if "press" in request.POST else _unjudged(request)
        return ask(request, form, service)
    try:
        booking = take(request, form)
    except DomainError as exc:
        form.add_error(None, str(exc))
        return ask(request, form, service)
    desk.say(request, Said(f"{booking.contact_name} is here: {booking.service_name} with {people_of(booking)}."))
    return redirect("dashboard:today")


def take(request, form):
    """Book the pressed start, and check in. Pressed again, it finds the same visit."""
    now, by = timezone.now(), actor_of(request)
    person, start = form.cleaned_data["press"].split("@")
    member = TeamMember.objects.filter(pk=UUID(person), is_active=True).first()
    if member is None:
        raise services.NotBookable("This person does not work here any more.")
    service = form.cleaned_data["service"]
    booking = payments.take_visit(
        business=request.tenant,
        basket=Basket.of(service, member),
        start=availability.instant(int(start)),
        details=form.details(),
        by=by,
        now=now,
        key=form.press_key,
        params={"service": str(service.pk), "press": form.cleaned_data["press"], "who": str(form.details())},
        override=availability.OVERRIDABLE,
    )
    arrives = booking.status == Status.CONFIRMED and booking.start_at <= now + SOON
    return services.check_in(booking=booking, by=by, now=now) if arrives else booking


def _unjudged(request):
    """The form as it was typed, before anybody has pressed."""
    typed = {name: request.POST.get(name, "") for name in ("service", "name", "phone", "key")}
    return WalkInForm(business=request.tenant, initial={**typed, "key": typed["key"] or uuid4()})


def ask(request, form, service):
    context = {
        "form": form,
        "service": service,
        "services": list(form.services.values()),
        "most_at_hand": MOST_AT_HAND,
        "chances": chances(request.tenant, service) if service else [],
    }
    return show(request, "dashboard/visits/walk_in.html", context, here="today")


def chances(business, service):
    """A Chance for everybody who can do it soon, the soonest first: by the rules of the diary, at short notice."""
    now = timezone.now()
    today = now.astimezone(business.zone).date()
    found = queries.calendar(
        business=business,
        basket=Basket.of(service),
        first=today,
        last=(now + SOON).astimezone(business.zone).date(),
        now=now,
        override=availability.OVERRIDABLE,
    )
    soonest = {}
    for slot in (slot for day in found for slot in day.slots if slot.start_at <= now + SOON):
        for option in slot.options:
            soonest.setdefault(option.person_id, (slot, option))
    return [
        chance(business, slot, option, now) for slot, option in sorted(soonest.values(), key=lambda it: it[0].start)
    ]


def chance(business, slot, option, now):
    minutes = max(0, round((slot.start_at - now).total_seconds() / 60))
    return Chance(
        press=f"{option.person_id}@{slot.start}",
        name=option.name,
        time=words.clock(slot.start_at.astimezone(business.zone)),
        wait="now" if minutes <= 5 else f"in {words.length(minutes)}",
        price=str(Money(option.price_cents, business.currency_code)),
    )
