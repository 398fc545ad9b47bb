"""What somebody asks the list of messages."""

from django import forms

from messaging import queries, wording
from messaging.models import Channel

STATES = (
    ("", "All"),
    ("waiting", "Waiting"),
    ("failed", "Failed"),
    ("sent", "Sent"),
    ("left_out", "Not sent"),
)


class MessagesForm(forms.Form):
    """Asked by GET; what is no choice narrows nothing."""

    state = forms.ChoiceField(label="State", choices=STATES, required=False)
    kind = forms.ChoiceField(required=False)
    channel = forms.ChoiceField(choices=[("", "Any"), *Channel.choices], required=False)
    to = forms.CharField(
        label="Recipient",
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Address or number"}),
    )

    def __init__(self, *args, with_money, **kwargs):
        super().__init__(*args, auto_id="f_%s", **kwargs)
        kinds = [kind for kind in queries.kinds() if with_money or queries.is_about_visits(kind)]
        called = sorted(((kind, wording.called(kind)) for kind in kinds), key=lambda pair: pair[1])
        self.fields["kind"].choices = [("", "Any"), *called]

    def narrowed(self, messages):
        """Those that were asked for, newest first; what waits: the next one first."""
        self.is_valid()
        asked = self.cleaned_data
        found = queries.in_state(messages, asked.get("state"))
        for name, column in (("kind", "kind"), ("channel", "channel"), ("to", "recipient__icontains")):
            if value := asked.get(name, "").strip():
                found = found.filter(**{column: value})
        return (
            found.order_by("due_at", "id") if asked.get("state") == "waiting" else found.order_by("-created_at", "-id")
        )

    @property
    def narrows(self):
        return any(self.cleaned_data.values())

    @property
    def narrows_more(self):
        """Beyond what the shortcuts above the list say, or wrongly."""
        return bool(self.errors) or any(value for name, value in self.cleaned_data.items() if name != "state")
