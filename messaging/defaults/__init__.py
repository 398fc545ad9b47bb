"""The words the product suggests for every trigger: what “reset” brings back, and what the wizard starts from. Pure.

In every language of `tenants.languages.WRITTEN`; whoever asks for another gets English.
"""

from typing import NamedTuple

from messaging.defaults import english, french, german, spanish
from messaging.triggers import TRIGGERS
from tenants import languages

WORDS = {"en": english, "de": german, "fr": french, "es": spanish}
ENDS = {"email": "e-mail", "sms": "text message"}


class Text(NamedTuple):
    name: str
    subject: str
    body: str


def default_for(*, trigger, channel, language=languages.DEFAULT):
    """The suggested Text of a trigger by a channel."""
    written = WORDS.get(language, english)
    subject, body = written.EMAILS[trigger] if channel == "email" else ("", written.TEXTS[trigger])
    return Text(name_of(trigger=trigger, channel=channel, language=language), subject, body)


def name_of(*, trigger, channel, language=languages.DEFAULT):
    """What a text is called: `Reminder (e-mail)`, `Reminder (e-mail, Deutsch)`."""
    ends = ENDS[channel] if language == languages.DEFAULT else f"{ENDS[channel]}, {languages.NAMES[language]}"
    return f"{TRIGGERS[trigger].label} ({ends})"
