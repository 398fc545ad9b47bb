"""The operators' admin site: who gets in, and what every page of it shares. It reads; the few writes are presses."""

from functools import wraps

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.http import Http404
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import path
from unfold.decorators import display

from bookings.admin.asking import Asking
from operators import services
from operators.forms import ReasonForm
from tenants.addresses import client_address
from tenants.admin import ClosedAdminSite, FrugalModelAdmin, palette
from tenants.errors import DomainError

#: The platform's own colour (frontend/css/tokens.css).
BRAND = "#6b2f49"


class OperatorAdminSite(ClosedAdminSite):
    """On the platform's host, open to active operators with a second step; for everybody else it does not exist."""

    settings_name = "UNFOLD_OPERATORS"
    index_title = "Health"
    index_template = "operators/index.html"

    def has_permission(self, request):
        user = request.user
        return request.tenant is None and user.is_authenticated and user.is_active and user.is_operator

    def admin_view(self, view, cacheable=False):
        inside = super().admin_view(view, cacheable)

        @wraps(view)
        def guarded(request, *args, **kwargs):
            if self.has_permission(request) and not is_mfa_enabled(request.user):
                messages.warning(request, "The operators’ pages need two-step sign-in: set it up first.")
                return redirect("mfa_index")
            return inside(request, *args, **kwargs)

        return guarded

    def get_urls(self):
        return [path("background/", self.admin_view(_background), name="background"), *super().get_urls()]


def _background(request):
    from operators.admin import work  # which registers with the site below

    return work.background_page(request)


site = OperatorAdminSite(name="operators")


def by(request):
    return services.By(request.user, client_address(request))


class OperatorModelAdmin(Asking, FrugalModelAdmin):
    """A table of `public`, to read."""

    actions_detail = ()

    def has_view_permission(self, request, obj=None):
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_press_permission(self, request, obj=None):
        return self.has_view_permission(request)

    def history_view(self, request, object_id, extra_context=None):
        """What happened to it is in the operators' log; Django's own has no table."""
        raise Http404

    def row(self, request, object_id):
        """The row of the request; 404 where there is none."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        return row

    def press(self, request, row, act, *, said, form=None, **shown):
        """A page that says what a press does and asks why; then `act(form)`, and back to the row."""
        form = form or ReasonForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                act(form)
            except DomainError as exc:
                form.add_error(None, str(exc))
            else:
                messages.success(request, said)
                return redirect(self.back_url(row))
        return self.ask(request, form=form, original=row, **shown)


def badge(name, colors, description=None):
    """A column that shows a choice as a coloured label; what is not in `colors` is grey."""

    @display(description=description or name.rpartition("__")[2].replace("_", " "), ordering=name, label=colors)
    def column(self, row):
        *way, field = name.split("__")
        for step in way:
            row = getattr(row, step, None)
        return (getattr(row, field), getattr(row, f"get_{field}_display")()) if row else None

    return column


# Looks (settings.UNFOLD_OPERATORS) -------------------------------------------------------------


def colors(request):
    return palette(BRAND)


def favicon(request):
    return static("img/icon.svg")
