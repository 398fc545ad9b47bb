"""The trail in the salon's admin: written for every change made there, shown as each object's history."""

from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import ProtectedError
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from unfold.decorators import display

from audit import actors, services
from audit.models import AuditEntry
from audit.services import plain
from audit.wording import changes_of, words
from tenants.addresses import client_address
from tenants.admin import Grants, RoleModelAdmin, moment, register
from tenants.permissions import Permission


def actor_of(request):
    """The signed-in member, or who was let in for support, for the trail."""
    who = actors.support if request.membership.support else actors.user
    return who(request.user, client_address(request))


class SalonModelAdmin(RoleModelAdmin):
    """A model in the salon's admin: roles decide, the trail records, what others refer to is kept."""

    object_history_template = "admin/salon/history.html"
    kept_sentence = "“{object}” is in use and was kept."

    # The trail ---------------------------------------------------------------------------------

    def construct_change_message(self, request, form, formsets, add=False):
        """What changed, as (before, after); Django hands it on to `log_addition` and `log_change`."""
        before, after = _changed(form)
        for formset in formsets or ():
            name = str(formset.model._meta.verbose_name)
            for row in formset.forms:
                _add_row(before, after, name, row, deleted=row in formset.deleted_forms)
        return before, after

    def log_addition(self, request, obj, message):
        self.record(request, obj, "added", after=message[1])

    def log_change(self, request, obj, message):
        before, after = message
        if before or after:
            self.record(request, obj, "changed", before=before, after=after)

    def log_deletions(self, request, queryset):
        for obj in queryset:
            values = {field.name: plain(field.value_from_object(obj)) for field in obj._meta.concrete_fields}
            self.record(request, obj, "deleted", before=values)

    def record(self, request, obj, verb, *, before=None, after=None):
        services.record(
            actor=actor_of(request),
            action=f"{self.opts.model_name}.{verb}",
            subject=obj,
            at=timezone.now(),
            before=before,
            after=after,
        )

    def render_change_form(self, request, context, *args, **kwargs):
        """The way to the history stands there for who may read the trail."""
        context["show_history"] = context.get("show_history") and self.has_view_trail_permission(request)
        return super().render_change_form(request, context, *args, **kwargs)

    def history_view(self, request, object_id, extra_context=None):
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404
        if not (self.has_view_permission(request, obj) and self.has_view_trail_permission(request)):
            raise PermissionDenied
        entries = AuditEntry.objects.filter(subject_type=self.opts.label_lower, subject_id=str(obj.pk))
        page = self.get_paginator(request, entries, 50).get_page(request.GET.get(PAGE_VAR, 1))
        context = {
            **self.admin_site.each_context(request),
            "title": f"History: {obj}",
            "page": page,
            "entries": [(entry, words(entry.action), change_of(entry)) for entry in page],
            "page_var": PAGE_VAR,
            "module_name": capfirst(self.opts.verbose_name_plural),
            "object": obj,
            "opts": self.opts,
            "preserved_filters": self.get_preserved_filters(request),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.object_history_template, context)

    # Deleting ----------------------------------------------------------------------------------

    def is_kept(self, obj):
        """Whether something refers to the object, so that it must stay."""
        return False

    def delete_view(self, request, object_id, extra_context=None):
        """Django's page, except that what must stay is kept with a sentence, also where a reference arrives meanwhile."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404
        if not self.has_delete_permission(request, obj):
            raise PermissionDenied
        if self.is_kept(obj):
            return self._kept(request, obj)
        try:
            return super().delete_view(request, object_id, extra_context)
        except (ProtectedError, IntegrityError):
            return self._kept(request, obj)

    def _kept(self, request, obj):
        self.message_user(request, self.kept_sentence.format(object=obj), "WARNING")
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", obj.pk)


def _changed(form):
    """Values of the changed fields of a valid form, before and after."""
    names = [name for name in form.changed_data if name in form.cleaned_data]
    before = {name: plain(form.initial.get(name)) for name in names}
    return before, {name: plain(form.cleaned_data[name]) for name in names}


def _add_row(before, after, name, row, *, deleted):
    """One row of an inline: nothing, added, changed or removed."""
    key = f"{name} {row.instance}"
    if deleted:
        before[key] = {field: plain(value) for field, value in row.initial.items()}
    elif row.has_changed():
        old, new = _changed(row)
        if row.initial:
            before[key] = old
        after[key] = new


@register(AuditEntry)
class AuditEntryAdmin(SalonModelAdmin):
    """Who did what, when and from where. Nobody edits it."""

    grants = Grants(view=Permission.VIEW_TRAIL)

    list_display = ("when", "who", "act", "subject", "change")
    list_display_links = ("when",)
    when = moment("at", "when")
    list_filter = ("subject_type",)
    search_fields = ("actor_label", "action", "subject_label")
    ordering = ("-at", "-id")
    fields = ("when", "who", "act", "subject_type", "subject", "change", "address", "request_id")

    @display(description="who", ordering="actor_label")
    def who(self, entry):
        return entry.actor_label or "Tithi"

    @display(description="on", ordering="subject_label")
    def subject(self, entry):
        return entry.subject_label

    @display(description="what", ordering="action")
    def act(self, entry):
        return words(entry.action)

    @display(description="change")
    def change(self, entry):
        return change_of(entry)


def change_of(entry):
    """Every field that changed, with its value before and after, one a line."""
    lines = [(change.name, change.text) for change in changes_of(entry)]
    return format_html_join(mark_safe("<br>"), "{}: {}", lines) or "–"
