"""Step 8: what customers are told, in the salon's own words."""

from django.db import transaction

from messaging import queries
from messaging import services as messaging
from onboarding.services.progress import finish_step


@transaction.atomic
def save_notifications(*, progress, by, now, texts=()):
    """Keep the salon's own texts, each in place of the one of its trigger and channel; without any, the standard ones are sent.

    `texts` as `messaging.services.write_templates` takes them: all of them are kept, or none. Raises TemplateRefused,
    TemplateExists. Call in the salon's schema.
    """
    messaging.write_templates(texts=texts, by=by, now=now)
    return finish_step(progress=progress, number=8)


@transaction.atomic
def take_back_text(*, progress, trigger, channel, by, now):
    """Send the standard words for an occasion again, where the salon has had its own. Call in the salon's schema."""
    template = queries.template_for(trigger=trigger, channel=channel)
    if template:
        messaging.delete_template(template=template, by=by, now=now)
    return finish_step(progress=progress, number=8)
