"""Which way mail leaves: one setting, `EMAIL_PROVIDER`, and the keys that the chosen way needs, by anymail's names.

Read by the settings: a missing key stops every process when it starts, with a sentence that names it.
"""

from typing import NamedTuple

from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

SMTP = "smtp"
SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


class Provider(NamedTuple):
    """`needs` and `takes` are variables of the environment; `signs` is the one among those that checks its webhooks."""

    view: str
    needs: tuple = ()
    takes: tuple = ()
    signs: str = ""


#: Those that hand back with every event what was sent along with the message: only so is an event somebody's.
PROVIDERS = {
    "amazon_ses": Provider("AmazonSES", ("AWS_DEFAULT_REGION",), ("AMAZON_SES_CONFIGURATION_SET_NAME",)),
    "brevo": Provider("Brevo", ("BREVO_API_KEY",)),
    "mailgun": Provider(
        "Mailgun",
        ("MAILGUN_API_KEY", "MAILGUN_SENDER_DOMAIN"),
        ("MAILGUN_WEBHOOK_SIGNING_KEY",),
        "MAILGUN_WEBHOOK_SIGNING_KEY",
    ),
    "mailjet": Provider("Mailjet", ("MAILJET_API_KEY", "MAILJET_SECRET_KEY")),
    "postmark": Provider("Postmark", ("POSTMARK_SERVER_TOKEN",), ("POSTMARK_MESSAGE_STREAM",)),
    "resend": Provider("Resend", ("RESEND_API_KEY",)),
    "sendgrid": Provider(
        "SendGrid",
        ("SENDGRID_API_KEY",),
        ("SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY",),
        "SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY",
    ),
    "sparkpost": Provider("SparkPost", ("SPARKPOST_API_KEY",)),
}


def chosen(env):
    """(name, backend, anymail's settings) of the way that was chosen; the name is "smtp" where nothing was.

    Raises ImproperlyConfigured for a name nobody knows and for keys that are missing.
    """
    name = env("EMAIL_PROVIDER", default="").strip().lower() or SMTP
    if name == SMTP:
        if env("EMAIL_PROVIDER", default="") and not env("EMAIL_URL", default=""):
            raise ImproperlyConfigured("EMAIL_PROVIDER is smtp: set EMAIL_URL, too.")
        return name, SMTP_BACKEND, _shared(env)
    if name not in PROVIDERS:
        raise ImproperlyConfigured(f"EMAIL_PROVIDER is {name}: choose one of {', '.join([SMTP, *PROVIDERS])}.")
    provider = PROVIDERS[name]
    if missing := [key for key in provider.needs if not env(key, default="")]:
        raise ImproperlyConfigured(f"EMAIL_PROVIDER is {name}: set {', '.join(missing)}, too.")
    keys = (*provider.needs, *provider.takes, f"{name.upper()}_API_URL")
    return name, f"anymail.backends.{name}.EmailBackend", _shared(env) | _given(env, keys)


def tracking_view(name):
    """The view that reads what this provider posts about what became of messages, as anymail has it."""
    return import_string(f"anymail.webhooks.{name}.{PROVIDERS[name].view}TrackingWebhookView")


def is_guarded(name, keys):
    """Whether with these settings of anymail nobody but the provider can post to that view."""
    return bool(keys.get("WEBHOOK_SECRET") or keys.get(PROVIDERS[name].signs))


def _shared(env):
    secret = env("ANYMAIL_WEBHOOK_SECRET", default="")
    if secret and not all(secret.partition(":")):
        raise ImproperlyConfigured("ANYMAIL_WEBHOOK_SECRET is a name and a password with a colon between them.")
    # A provider that takes no calendar as another form of the text gets it as a file alone.
    return {"IGNORE_UNSUPPORTED_FEATURES": True, "REQUESTS_TIMEOUT": 10} | (
        {"WEBHOOK_SECRET": secret} if secret else {}
    )


def _given(env, keys):
    return {key: env(key) for key in keys if env(key, default="")}
