"""The salon's booking rules: one page, read by everybody of the salon, saved by owners and admins."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator, MinValueValidator
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldBooleanSwitchWidget,
)

from audit.admin import actor_of
from bookings import words
from bookings.admin.fields import LengthField
from bookings.services import settings as rules
from bookings.services import zones
from tenants.admin import Grants, RoleModelAdmin, register
from tenants.clock import zone_names
from tenants.errors import DomainError
from tenants.models import Business, GapOffers
from tenants.permissions import Permission

#: No furthest date lies beyond it.
LONGEST_NOTICE = 730 * 24 * 60
KEEP = ((zones.WALLS, "Keep the times on the wall"), (zones.INSTANTS, "Keep the moments"))


def _number(lowest, highest):
    return {
        "validators": [MinValueValidator(lowest), MaxValueValidator(highest)],
        "widget": UnfoldAdminIntegerFieldWidget(attrs={"min": lowest, "max": highest}),
    }


def _switch(label, help_text):
    return forms.BooleanField(label=label, help_text=help_text, required=False, widget=UnfoldBooleanSwitchWidget())


def zone_choices():
    """Places, without the old names and the fixed offsets."""
    names = sorted(name for name in zone_names() if "/" in name and not name.startswith("Etc/"))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


class BookingRulesForm(forms.Form):
    """The rules as the salon says them. `keep` is only asked where a new time zone meets visits to come."""

    min_notice_min = LengthField(
        label="Notice",
        max_min=LONGEST_NOTICE,
        help_text="How long before the start a customer must book: 45 min, 2 h or 1 day.",
    )
    horizon_days = forms.IntegerField(
        label="Days ahead", help_text="How many days ahead a customer can book, 1 to 730.", **_number(1, 730)
    )
    slot_step_min = forms.IntegerField(
        label="Step (minutes)",
        help_text="A start is offered every so many minutes, 5 to 240. A service may have its own step.",
        **_number(5, 240),
    )
    max_wait_min = forms.TypedChoiceField(
        label="Longest wait between two services",
        coerce=int,
        choices=[(minutes, words.length(minutes) if minutes else "No wait") for minutes in range(0, 121, 5)],
        help_text="For visits of several services.",
        widget=UnfoldAdminSelectWidget(),
    )
    gap_offers = forms.ChoiceField(
        label="Times that leave gaps",
        choices=GapOffers.choices,
        widget=UnfoldAdminRadioSelectWidget(),
        help_text="A gap is time too short for the shortest service its person offers online. Say Ann is free from 10:00 to "
        "12:00, a cut takes an hour, and her shortest service half an hour. A cut at 10:15 would leave 15 minutes before it "
        "that nobody can book; at 10:00, 10:30 and 11:00 it leaves none. 10:00 and 11:00 are marked as fitting well: they stand "
        "right beside something else. No day, and nobody on a day, loses the last time. Your team sees every "
        "time. Hiding can lose customers who have little time to choose from; marking hides nothing.",
    )
    hard_edges = _switch(
        "Clean-up within the working day", "Buffers before and after a visit must lie within the hours too."
    )
    auto_confirm = _switch(
        "Confirm bookings automatically", "Off: every online booking waits until somebody confirms it."
    )
    allow_double_visits = _switch("Two visits at one time", "A customer may book two visits that overlap.")
    timezone = forms.ChoiceField(label="Time zone", choices=zone_choices, widget=UnfoldAdminSelectWidget())
    keep = forms.ChoiceField(
        label="What happens to the coming visits?",
        choices=KEEP,
        required=False,
        widget=UnfoldAdminRadioSelectWidget(),
        help_text="On the wall: a visit at 10:00 stays at 10:00, and customers are told. The moments: nothing moves, only "
        "the times shown change.",
    )

    def __init__(self, data=None, *, business, editable):
        super().__init__(data, initial={name: getattr(business, name) for name in rules.RULES})
        known = dict(self.fields["timezone"].choices)
        if business.timezone not in known:
            self.fields["timezone"].choices = [(business.timezone, business.timezone), *known.items()]
        for field in self.fields.values():
            field.disabled = not editable

    def ask_what_to_keep(self, visits):
        """Show the choice, and say why nothing was saved yet."""
        self.asks = True
        coming = words.count(visits, "visit is", "visits are")
        self.add_error("keep", f"{coming} still to come. Choose one of both and save again; nothing is saved yet.")

    asks = False

    def rules(self):
        return {name: self.cleaned_data[name] for name in rules.RULES}


@register(Business)
class BookingRulesAdmin(RoleModelAdmin):
    """Not a list of businesses: the one page of this salon's rules."""

    grants = Grants(change=Permission.ARRANGE)

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_changelist"
        return [path("", self.admin_site.admin_view(self.page), name=name)]

    def page(self, request):
        editable = self.has_change_permission(request)
        if request.method == "POST" and not editable:
            raise PermissionDenied
        form = BookingRulesForm(request.POST or None, business=request.tenant, editable=editable)
        if request.method == "POST" and form.is_valid() and self.save(request, form):
            return redirect("admin:tenants_business_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": "Booking rules",
            "form": form,
            "editable": editable,
            "media": self.media + form.media,
            "local_time": words.clock(timezone.localtime()),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/salon/settings.html", context)

    def save(self, request, form):
        """Whether it was saved; what the service refuses is shown at its field."""
        try:
            changed = rules.change_booking_rules(
                business=request.tenant,
                changes=form.rules(),
                by=actor_of(request),
                now=timezone.now(),
                keep=form.cleaned_data["keep"] or None,
            )
        except rules.ZoneUndecided as exc:
            form.ask_what_to_keep(exc.visits)
        except rules.RulesContradict as exc:
            form.add_error(exc.field, str(exc))
        except zones.VisitsClash as exc:
            form.asks = True
            form.add_error("keep", str(exc))
        except DomainError as exc:
            form.add_error(None, str(exc))
        else:
            text = "Saved." if changed else "Nothing was changed."
            self.message_user(request, text, messages.SUCCESS)
            return True
        return False
