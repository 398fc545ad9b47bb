"""What a salon types as its own words: for the admin and for the wizard, by the same rules as the API."""

from django import forms

from messaging import defaults, gateway, queries, services
from messaging.models import Channel
from messaging.triggers import PLACEHOLDERS, RULED, TRIGGERS

KEPT = "Kept for when text messages are switched on: none are sent yet."
STANDARD = "Off: the standard words are sent. “Reminders” in the settings says when one leaves as a text message."
SWITCH = "Off: customers get the mail alone."


class TemplateForm(forms.Form):
    """The words for one trigger by one channel in one language (the salon's where nothing is said).

    Without `data` it starts with `start`, else with what the product suggests.

    Valid words are those `services.save_template` takes: what it refuses stands at its field, with line and column.
    """

    subject = forms.CharField(label="Subject", widget=forms.TextInput({"autocomplete": "off"}))
    body = forms.CharField(label="Text", strip=False, widget=forms.Textarea({"rows": 12}))
    is_active = forms.BooleanField(label="Use this text", required=False, help_text="Off: the standard words are sent.")

    def __init__(self, data=None, *, trigger, channel=Channel.EMAIL, language="", start=None, editable=True, **more):
        self.trigger, self.channel = TRIGGERS[trigger], Channel(channel)
        self.language = language or queries.salons_language()
        standard = defaults.default_for(trigger=trigger, channel=channel, language=self.language)
        start = start or standard._asdict() | {"is_active": True}
        super().__init__(data, initial=start, **more)
        if self.is_sms:
            del self.fields["subject"]
            self.fields["body"].widget.attrs["rows"] = 5
            self._say_when_it_is_sent(self.fields["is_active"])
        for field in self.fields.values():
            field.disabled = not editable

    def _say_when_it_is_sent(self, switch):
        if self.trigger.value in RULED:
            switch.help_text = STANDARD
        else:
            switch.label, switch.help_text = "Send this text message", SWITCH if self.is_sent else KEPT

    @property
    def is_sent(self):
        """Whether the platform sends by this channel."""
        return not self.is_sms or gateway.is_on()

    @property
    def is_sms(self):
        return self.channel == Channel.SMS

    @property
    def placeholders(self):
        """(what to type, what stands in its place) of every placeholder these words may hold."""
        return [(f"{{{{{name}}}}}", PLACEHOLDERS[name]) for name in self.trigger.placeholders]

    @property
    def places(self):
        """field → where in it something cannot be sent: line, column and word. After `is_valid`."""
        return getattr(self, "_places", {})

    def clean(self):
        if not self.errors:
            try:
                services.checked(self.asked())
            except services.TemplateRefused as exc:
                self._places = exc.places
                for name, sentences in exc.errors.items():
                    self.add_error(name, sentences)
        return self.cleaned_data

    def asked(self):
        """The fields as `services.save_template` takes them."""
        typed = {name: self.cleaned_data[name] for name in self.fields}
        return self._occasion() | typed

    def _occasion(self):
        return {"trigger": self.trigger.value, "channel": self.channel.value, "language": self.language}

    def words(self, values):
        """The words filled in: as typed where they are valid, as the form started where nothing was typed, else None."""
        if not self.is_bound:
            kept = {name: self.initial[name] for name in ("subject", "body")}
            return services.preview(fields=self._occasion() | kept, values=values)
        return services.preview(fields=self.asked(), values=values) if self.is_valid() else None
