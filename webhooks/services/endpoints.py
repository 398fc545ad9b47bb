"""Endpoints: registered, changed, stopped and started. The secret is returned where it is made, and nowhere else."""

from django.db import transaction

from audit import services as audit
from tenants.errors import DomainError
from webhooks import gateway, signing, tasks
from webhooks.models import EndpointState, EventType, WebhookEndpoint

MOST = 10


class NotAccepted(DomainError):
    """`field` is what is wrong."""

    code = "not_accepted"

    def __init__(self, field, message):
        self.field = field
        super().__init__(message, field=field)


class TooMany(DomainError):
    code = "limit_reached"
    status = 409
    message = f"There are {MOST} endpoints already, as many as there may be. Delete one first."


class Gone(DomainError):
    code = "not_found"
    status = 404
    message = "This endpoint is not there any more."


@transaction.atomic
def add_endpoint(*, business, url, events, by, now, description=""):
    """Register an address; returns (endpoint, secret). Raises NotAccepted, TooMany."""
    type(business).objects.select_for_update(no_key=True).get(pk=business.pk)  # one at a time counts
    if WebhookEndpoint.objects.count() >= MOST:
        raise TooMany
    endpoint = WebhookEndpoint.objects.create(url=_url(url), events=_events(events), description=description.strip())
    _record(endpoint, "added", by, now, after={"url": endpoint.url, "events": endpoint.events})
    return endpoint, signing.secret_of(endpoint)


@transaction.atomic
def change_endpoint(*, endpoint, by, now, url=None, events=None, description=None):
    """What is None stays. Raises NotAccepted, Gone."""
    endpoint = _locked(endpoint)
    asked = {
        "url": url if url is None else _url(url),
        "events": events if events is None else _events(events),
        "description": description if description is None else description.strip(),
    }
    asked = {name: value for name, value in asked.items() if value not in (None, getattr(endpoint, name))}
    before = {name: getattr(endpoint, name) for name in asked}
    if asked:
        _save(endpoint, **asked)
        _record(endpoint, "changed", by, now, before=before, after=asked)
    return endpoint


@transaction.atomic
def pause(*, endpoint, by, now):
    """Nothing is sent and nothing new is noted for it until it is resumed. Paused twice, nothing changes. Raises Gone."""
    endpoint = _locked(endpoint)
    if endpoint.state == EndpointState.ACTIVE:
        _save(endpoint, state=EndpointState.PAUSED)
        _record(endpoint, "paused", by, now)
    return endpoint


@transaction.atomic
def resume(*, endpoint, by, now):
    """Send again, also what waited, and with a new patience. Raises Gone."""
    endpoint = _locked(endpoint)
    if endpoint.state != EndpointState.ACTIVE:
        _save(endpoint, state=EndpointState.ACTIVE, disabled_reason="", failing_since=None)
        _record(endpoint, "resumed", by, now)
        tasks.deliver.delay_on_commit(endpoint_id=str(endpoint.pk))
    return endpoint


@transaction.atomic
def roll_secret(*, endpoint, by, now):
    """A new secret, returned as (endpoint, secret); for a day the one before signs along. Raises Gone."""
    endpoint = _locked(endpoint)
    _save(endpoint, secret_generation=endpoint.secret_generation + 1, rolled_at=now)
    _record(endpoint, "secret_rolled", by, now)
    return endpoint, signing.secret_of(endpoint)


@transaction.atomic
def delete_endpoint(*, endpoint, by, now):
    """The endpoint, and with it what was to be sent to it. Raises Gone."""
    endpoint = _locked(endpoint)
    _record(endpoint, "deleted", by, now, before={"url": endpoint.url, "events": endpoint.events})
    endpoint.delete()


def _locked(endpoint):
    found = WebhookEndpoint.objects.select_for_update().filter(pk=endpoint.pk).first()
    if found is None:
        raise Gone
    return found


def _save(endpoint, **fields):
    for name, value in fields.items():
        setattr(endpoint, name, value)
    endpoint.save(update_fields=list(fields))


def _url(url):
    try:
        gateway.target_of(url.strip())
    except gateway.Refused as exc:
        raise NotAccepted("url", str(exc)) from exc
    return url.strip()


def _events(events):
    chosen = [event for event in EventType.values if event in events]
    if not chosen or set(events) - set(chosen):
        raise NotAccepted("events", "Choose at least one event from the list.")
    return chosen


def _record(endpoint, verb, by, now, **values):
    audit.record(actor=by, action=f"webhook.{verb}", subject=endpoint, at=now, **values)
