"""What somebody wants to be told, and how; for themselves or for the salon."""

from dataclasses import dataclass

from django import forms

from messaging.notices.events import MAILS, How

TIME = forms.TimeInput({"type": "time"}, format="%H:%M")


@dataclass(frozen=True, slots=True)
class Row:
    event: object
    shown: object
    mail: object


class RulesForm(forms.Form):
    """Two fields for each event, `shown_…` and `mail_…`; `how(event)` is what they start with."""

    use_required_attribute = False

    def __init__(self, data=None, *, events, how, **kwargs):
        super().__init__(data, **kwargs)
        self.events = events
        for event in events:
            start = how(event)
            self.fields[f"shown_{event.value}"] = forms.BooleanField(
                label="In the dashboard", required=False, initial=start.shown
            )
            self.fields[f"mail_{event.value}"] = forms.ChoiceField(
                label="By e-mail", choices=MAILS, required=False, initial=start.mail
            )

    @property
    def rows(self):
        return [Row(event, self[f"shown_{event.value}"], self[f"mail_{event.value}"]) for event in self.events]

    def rules(self):
        asked = self.cleaned_data
        return {event.value: How(asked[f"shown_{event.value}"], asked[f"mail_{event.value}"]) for event in self.events}


class OwnForm(RulesForm):
    def __init__(self, data=None, *, only_mine=False, has_own, **kwargs):
        super().__init__(data, **kwargs)
        if has_own:
            self.fields["only_mine"] = forms.BooleanField(
                label="Only about visits that are mine", required=False, initial=only_mine
            )


class SalonForm(RulesForm):
    def __init__(self, data=None, *, row, address, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["digest_at"] = forms.TimeField(
            label="The morning’s e-mail leaves at",
            initial=row.digest_at,
            widget=TIME,
            help_text="On the salon’s clock.",
        )
        self.fields["sends_copy"] = forms.BooleanField(
            label="Send the salon a copy of each new booking", required=False, initial=row.sends_copy
        )
        self.fields["copy_to"] = forms.EmailField(
            label="Where the copy goes",
            required=False,
            initial=row.copy_to,
            max_length=254,
            help_text=f"Empty: {address}." if address else "Empty: the salon’s own address, and none is written down.",
        )

    @property
    def others(self):
        return [self[name] for name in ("digest_at", "sends_copy", "copy_to")]

    def others_asked(self):
        return {name: self.cleaned_data[name] for name in ("digest_at", "sends_copy", "copy_to")}
