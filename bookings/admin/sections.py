"""Rows edited with their parent, which may have to agree with each other across sections of the page."""

from django import forms
from unfold.forms import PaginationInlineFormSet

from bookings.admin.fields import WallTimeField
from bookings.settings_rules import first_overlap, shift_conflicts

#: The wall times of a weekly plan.
HOURS = {"start_min": WallTimeField, "end_min": WallTimeField}


class SectionFormSet(PaginationInlineFormSet):
    """The rows of one section. `sections` are all of the page's, by model, where the page is a `SectionedPage`.

    A page that was opened before the section existed sends nothing about it, and leaves its rows as they are.
    """

    def __init__(self, *args, **kwargs):
        self.sections, self.sent = {}, True
        super().__init__(*args, **kwargs)
        if self.is_bound and f"{self.prefix}-TOTAL_FORMS" not in self.data:
            self.sent = False
            self.data = self.data.copy()
            self.data[f"{self.prefix}-TOTAL_FORMS"] = self.data[f"{self.prefix}-INITIAL_FORMS"] = "0"

    def kept(self):
        """The rows as they will be once saved; None while they are faulty."""
        if not self.sent:
            return list(self.queryset)
        return self.rows() if self.is_valid() else None

    def rows(self):
        """The rows that are filled in without a fault and not being deleted."""
        return [
            form.instance
            for form in self.forms
            if form.is_valid() and form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]

    def saved_rows(self):
        """After saving: the rows that were added or changed."""
        return [*self.new_objects, *(row for row, _ in self.changed_objects)]

    def touched(self, name):
        """What a column says, and said before, in the rows that are added, changed or deleted."""
        changed = [form for form in self.forms if form.has_changed()]
        return {value for form in changed for value in (form.initial.get(name), form.cleaned_data.get(name)) if value}


class WeekFormSet(SectionFormSet):
    """Weekly rows that must keep apart; with `touching_refused` they must not touch either."""

    overlap_sentence = "Two of these overlap. Join them, or change one."
    touching_refused = False

    def clean(self):
        super().clean()
        if any(overlap(rows, touching=self.touching_refused) for rows in self.plans().values()):
            raise forms.ValidationError(self.overlap_sentence)

    def plans(self):
        """Rows that make one plan together, by whatever tells plans apart."""
        return {None: self.rows()}


class SectionedPage:
    """For an admin: each section of the page knows the others, so that rules across them can be checked."""

    def _create_formsets(self, request, obj, change):
        formsets, inlines = super()._create_formsets(request, obj, change)
        sections = {formset.model: formset for formset in formsets}
        for formset in formsets:
            formset.sections = sections
        return formsets, inlines


class ShiftForm(forms.ModelForm):
    """A row of a weekly plan: it has a length and begins on its own day."""

    called = "A shift"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in (("start_min", "From"), ("end_min", "To")):
            if name in self.fields:
                self.fields[name].label = label

    def clean(self):
        data = super().clean()
        found = shift_conflicts(data.get("start_min"), data.get("end_min"), called=self.called)
        for field, sentence in found.items():
            self.add_error(field, sentence)
        return data


class BreakForm(ShiftForm):
    called = "A break"


def shift(row):
    """A row of a weekly plan as the rules take it."""
    return row.day_of_week, row.start_min, row.end_min


def overlap(rows, *, touching=False):
    return first_overlap([shift(row) for row in rows], touching=touching) is not None
