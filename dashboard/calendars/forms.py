"""What is typed into the pages of calendars."""

from django import forms

from feeds.reading import MOST_BYTES

EVERYBODY = "everybody"


class LinkForm(forms.Form):
    """A new address; `choices` are the people whose visits the member may give out, [(id, name)]."""

    use_required_attribute = False

    def __init__(self, data=None, *, choices, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["person"] = forms.ChoiceField(label="Whose visits", choices=choices)
        self.fields["name"] = forms.CharField(
            label="What it is for",
            max_length=40,
            help_text="Like “Ann’s phone”: you will know which one to revoke.",
            error_messages={"required": "Please write what it is for."},
            widget=forms.TextInput({"autocomplete": "off"}),
        )


class FileForm(forms.Form):
    """A calendar file of somebody's; `choices` are the people whose time the member may block."""

    use_required_attribute = False

    def __init__(self, data=None, files=None, *, choices=None, **kwargs):
        super().__init__(data, files, **kwargs)
        if choices is not None:
            self.fields["person"] = forms.ChoiceField(label="Whose time", choices=choices)
            self.fields["name"] = forms.CharField(
                label="What it is called",
                max_length=40,
                help_text="Stands in the salon’s calendar: “Busy: Private”.",
                error_messages={"required": "Please write what it is called."},
                widget=forms.TextInput({"autocomplete": "off"}),
            )
        self.fields["file"] = forms.FileField(
            label="Calendar file",
            help_text="A file that ends with .ics, up to 2 MB. Only its times are kept, never its words.",
            widget=forms.FileInput({"accept": ".ics,text/calendar"}),
        )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and file.size > MOST_BYTES:
            raise forms.ValidationError("The calendar is larger than 2 MB.")
        return file


class NewForm(FileForm):
    """A calendar at an address, or in a file."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["url"] = forms.CharField(
            label="Address of the calendar",
            required=False,
            max_length=1000,
            help_text=(
                "It is read every hour. Google: settings of the calendar, “Secret address in iCal format”. "
                "Outlook: “Publish a calendar”, the ICS link. iCloud: “Public Calendar”."
            ),
            widget=forms.TextInput({"autocomplete": "off", "inputmode": "url"}),
        )
        self.fields["file"].required = False
        self.fields["file"].label = "Or a calendar file, read once"
        self.order_fields(["person", "name", "url", "file"])

    def clean(self):
        data = super().clean()
        if not self.errors and bool(data.get("url")) == bool(data.get("file")):
            self.add_error("url", "Give the address of the calendar, or a file.")
        return data
