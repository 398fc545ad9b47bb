"""Step 8 for programs."""

from bookings.api.words_asked import MOST_TEXTS, TemplateIn
from onboarding import services
from onboarding.api.frame import SkippableIn, step
from tenants.api.examples import example


@example(
    "A reminder by e-mail",
    templates=[
        {
            "channel": "email",
            "trigger": "reminder",
            "subject": "See you on {{booking_date}}",
            "body": "Hello {{customer_name}},\n\nwe expect you at {{booking_time}}: {{manage_link}}",
        }
    ],
)
class TextsIn(SkippableIn):
    """The salon's own words, each in place of those of its trigger and channel."""

    templates = TemplateIn(many=True, max_length=MOST_TEXTS)


@step(8, TextsIn)
def notifications(at, *, templates):
    """All of the texts are kept, or none: `errors` names them by their place in the list, `places` line and column."""
    services.save_notifications(texts=[dict(each) for each in templates], **at.told)
