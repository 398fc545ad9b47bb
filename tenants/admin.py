"""The salon's admin: who gets in, who may do what, and how it looks; the operators' admin shares what is the same.

Apps register their models here; `config` serves it.

Django's admin asks for global flags and permissions. Here a person is what the Membership of this host's salon says.
"""

from dataclasses import dataclass, replace
from datetime import UTC
from functools import wraps

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse
from django.templatetags.static import static
from django.utils import formats, timezone
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display
from unfold.sites import UnfoldAdminSite
from unfold.views import ChangeList

from tenants import branding, policies
from tenants.paging import page_of
from tenants.permissions import Permission

#: Unfold is driven by Alpine, which evaluates expressions, and sets styles on elements. Scripts stay our own files.
CONTENT_SECURITY_POLICY = {"script-src": ["'self'", "'unsafe-eval'"], "style-src": ["'self'", "'unsafe-inline'"]}


class ClosedAdminSite(UnfoldAdminSite):
    """For everybody who is signed in and has no permission it does not exist. Subclasses say who has, and which clock."""

    def has_permission(self, request):
        return False

    def zone(self, request):
        return UTC

    def admin_view(self, view, cacheable=False):
        guarded = super().admin_view(csp_replace(CONTENT_SECURITY_POLICY)(self._on_its_clock(view)), cacheable)

        @wraps(view)
        def inner(request, *args, **kwargs):
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            return guarded(request, *args, **kwargs)

        return inner

    def _on_its_clock(self, view):
        """Show and read instants in the site's zone. Templates are rendered here, while that still holds."""

        @wraps(view)
        def inner(request, *args, **kwargs):
            with timezone.override(self.zone(request)):
                response = view(request, *args, **kwargs)
                if isinstance(response, SimpleTemplateResponse):
                    response.render()
                return response

        return inner

    def get_urls(self):
        """Without the shortcut to any object by content type, and with the product's own sign-in page."""
        urls = [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]
        for url in urls:
            if hasattr(getattr(url, "callback", None), "login_url"):
                url.callback.login_url = settings.LOGIN_URL
        return urls

    def get_log_entries(self, request):
        """Nothing: the trail is `audit`'s. Django's own log has no table."""
        return []

    def login(self, request, extra_context=None):
        """There is one way to sign in, and whoever is here has gone it."""
        return redirect(f"{self.name}:index")

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")

    def search(self, request, extra_context=None):
        """Unfold's search over the menu, which is not shown: it would remember answers beyond a change of role."""
        return HttpResponse()


class SalonAdminSite(ClosedAdminSite):
    """Open to members of the host's salon, and to the platform's support while it is let in."""

    index_title = "Today"
    index_template = "admin/salon/index.html"

    def has_permission(self, request):
        return request.tenant is not None and policies.may(request.membership, Permission.VIEW_DIARY)

    def zone(self, request):
        return request.tenant.zone


site = SalonAdminSite(name="admin")


def register(*models):
    """Class decorator: show these models in the salon's admin."""
    return admin.register(*models, site=site)


# Who may do what -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Grants:
    """What a person needs to do what with a model; None is for nobody."""

    view: Permission = Permission.VIEW_DIARY
    add: Permission | None = None
    change: Permission | None = None
    delete: Permission | None = None
    #: Whether support that may change things may delete these too. What is gone would be gone.
    support_deletes: bool = False


READ_ONLY = Grants()
#: How the salon is set up: support may be let add and change, and deletes nothing but rows of hours.
MANAGED = Grants(add=Permission.ARRANGE, change=Permission.ARRANGE, delete=Permission.ARRANGE)
MANAGED_ROWS = replace(MANAGED, support_deletes=True)


class ByRole:
    """Admin permissions from `grants` and the membership of this salon, never from `user.has_perm`."""

    grants = READ_ONLY

    def has_view_permission(self, request, obj=None):
        return policies.may(request.membership, self.grants.view)

    def has_add_permission(self, request, obj=None):
        return self._granted(request, self.grants.add)

    def has_change_permission(self, request, obj=None):
        return self._granted(request, self.grants.change)

    def has_delete_permission(self, request, obj=None):
        asks = policies.may if self.grants.support_deletes else policies.may_remove
        return self._granted(request, self.grants.delete, asks)

    def _granted(self, request, permission, asks=policies.may):
        return permission is not None and asks(request.membership, permission)

    def has_module_permission(self, request):
        return self.has_view_permission(request)


class FrugalChangeList(ChangeList):
    """Counts once: what is not filtered is all there is. Reads a page's rows only, however far back they stand."""

    def get_results(self, request):
        super().get_results(request)
        if self.multi_page and not self.show_all:
            start = (self.page_num - 1) * self.list_per_page
            stop = min(start + self.list_per_page, self.result_count)
            every = self.apply_select_related(self.root_queryset)
            self.result_list = page_of(self.queryset, start, stop, self.result_count, shown=every)
        if not (self.query or self.has_active_filters):
            self.full_result_count = self.result_count


class FrugalModelAdmin(ModelAdmin):
    """Lists that ask no more than they show; what is not there is a 404."""

    actions = None  # no bulk deletion: what is referred to must be refused one by one, with a sentence
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # counts for every choice of every filter, at the price of a query each
    compressed_fields = True
    warn_unsaved_form = True

    def get_changelist(self, request, **kwargs):
        return FrugalChangeList

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """Not there, or another salon's: a 404 rather than Django's redirect with a message."""
        raise Http404


class RoleModelAdmin(ByRole, FrugalModelAdmin):
    """A model in the salon's admin. Apps use `audit.admin.SalonModelAdmin`, which also writes the trail."""

    #: Columns of fields and searches by which a person is reached: for who sees customers.
    addresses = ()

    def get_search_fields(self, request):
        """Who does not see addresses does not try them out either."""
        return self._without_addresses(request, super().get_search_fields(request))

    def get_fields(self, request, obj=None):
        return self._without_addresses(request, super().get_fields(request, obj))

    def _without_addresses(self, request, names):
        if not self.addresses or policies.may(request.membership, Permission.VIEW_CUSTOMERS):
            return names
        kept = [_kept(name, self.addresses) for name in names]
        return [name for name in kept if name]

    def lookup_allowed(self, lookup, value, request):
        """By the list's own filters alone: Django asks any column of the model, also those a role is not shown."""
        own = {_asked_by(each) for each in self.get_list_filter(request)}
        return lookup.partition("__")[0] in own and super().lookup_allowed(lookup, value, request)


def _kept(name, hidden):
    """A field, or the fields of a line, without those that are hidden."""
    return (
        tuple(each for each in name if each not in hidden)
        if isinstance(name, tuple)
        else ""
        if name in hidden
        else name
    )


def _asked_by(list_filter):
    """The name by which an address asks a filter of a list."""
    named = list_filter[0] if isinstance(list_filter, (list, tuple)) else list_filter
    return named if isinstance(named, str) else named.parameter_name


def _asks(permission):
    def has_permission(self, request, obj=None):
        return policies.may(request.membership, permission)

    return has_permission


# What buttons ask for: `@action(permissions=["refund"])` is the permission of that name.
for _permission in Permission:
    setattr(RoleModelAdmin, f"has_{_permission}_permission", _asks(_permission))


class RoleInline(ByRole, TabularInline):
    """Rows edited with their parent."""

    grants = MANAGED_ROWS
    extra = 0
    show_title = False
    if hasattr(TabularInline, "hide_title"):  # its name in the Unfold of Python 3.11
        hide_title = True
    #: foreign key → what its empty choice says
    empty_labels = {}

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """One query for the choices of all rows, not one a row."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.empty_label = self.empty_labels.get(db_field.name, field.empty_label)
        field.choices = list(field.choices)
        return field


def moment(name, description):
    """A column that shows an instant on the salon's wall: `21 Nov 2026, 14:05`."""

    @display(description=description, ordering=name)
    def column(self, row):
        at = getattr(row, name)
        return formats.date_format(timezone.localtime(at), "j M Y, H:i") if at else "–"

    return column


# Looks (settings.UNFOLD) -----------------------------------------------------------------------


def title(request):
    return request.tenant.name


def environment(request):
    return ["Local", "warning"] if settings.LOCAL else None


def favicon(request):
    return static("img/icon.svg")


def stylesheet(request):
    return static("css/admin.css")


#: Warm greys between the paper and the ink of the public pages (frontend/css/tokens.css).
GREYS = {
    "50": "#faf8f7",
    "100": "#f4f0ee",
    "200": "#e6e0de",
    "300": "#d3ccca",
    "400": "#a39a9c",
    "500": "#6b6366",
    "600": "#544d50",
    "700": "#433d40",
    "800": "#2b2629",
    "900": "#1d1a1d",
    "950": "#141214",
}


def colors(request):
    return palette(request.tenant.primary_color)


def palette(color):
    """A colour as Unfold's palette: 600 carries white text on light pages, 500 is text on dark ones."""
    brand = branding.readable(color, (branding.WHITE, GREYS["100"]), branding.TEXT, branding.BLACK)
    on_dark = branding.readable(brand, (GREYS["900"], GREYS["800"]), branding.TEXT, branding.WHITE)
    tints = zip(("50", "100", "200", "300", "400"), (0.05, 0.1, 0.2, 0.35, 0.6), strict=True)
    shades = zip(("700", "800", "900", "950"), (0.14, 0.28, 0.42, 0.6), strict=True)
    primary = {weight: branding.mix(brand, branding.WHITE, share) for weight, share in tints}
    primary |= {"500": on_dark, "600": brand}
    primary |= {weight: branding.mix(branding.BLACK, brand, share) for weight, share in shades}
    return {"base": dict(GREYS), "primary": primary, "font": dict(FONT)}


FONT = {
    "subtle-light": "var(--color-base-500)",
    "subtle-dark": "var(--color-base-400)",
    "default-light": "var(--color-base-600)",
    "default-dark": "var(--color-base-300)",
    "important-light": "var(--color-base-900)",
    "important-dark": "var(--color-base-100)",
}
