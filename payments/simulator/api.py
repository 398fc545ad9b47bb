import hashlib
import json
import logging
import time

from . import forms, routing, schema
from .auth import authenticate
from .call import Call
from .errors import ApiError, ParameterError, forbidden, invalid, server_fault, unknown_url
from .events import API_VERSION
from .fields import unsupported
from .ids import new_id
from .present import for_browser, show
from .ticking import run_due
from .wire import Reply

logger = logging.getLogger(__name__)

# What Stripe.js sends besides an endpoint's own parameters.
_BROWSER_EXTRAS = frozenset({"key", "_stripe_account"})
_LONGEST_KEY = 255
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, Stripe-Account, Stripe-Version",
    "Access-Control-Expose-Headers": "Request-Id",
    "Access-Control-Max-Age": "300",
}


def answer(world, request):
    """Answer one `/v1/…` request as Stripe would."""
    if request.method == "OPTIONS":
        return Reply(204, b"", _CORS)
    exchange = Exchange(world, request)
    reply = exchange.run()
    reply.headers |= _CORS | {"Request-Id": exchange.request_id, "Stripe-Version": API_VERSION}
    return reply


class Exchange:
    """One request: who asks, whether it was answered before, what strikes it, what it does."""

    def __init__(self, world, request):
        self.world = world
        self.request = request
        self.request_id = new_id("req", 14)
        self.key = request.headers.get("idempotency-key") if request.method == "POST" else None
        self.caller = None

    def run(self):
        try:
            params = forms.decode(self.request.text() if self.request.method == "POST" else self.request.query)
            with self.world.lock:
                self.world.base_url = self.request.base_url
                self.caller = authenticate(self.world, self.request.headers, params)
                stored = self._claim(params)
        except ApiError as error:
            return self._reply(error.status, error.body())
        if stored is not None:
            return self._replayed(*stored)
        return self._struck(params)

    def _claim(self, params):
        if self.key is None:
            return None
        if len(self.key) > _LONGEST_KEY:
            raise invalid(f"Idempotency keys may have up to {_LONGEST_KEY} characters.")
        request = [self.request.method, self.request.path, params]
        fingerprint = hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()
        self.world.keys.sweep(self.world.clock.now())
        return self.world.keys.begin(self.caller.account, self.key, fingerprint, self.world.clock.now())

    def _struck(self, params):
        """Do the request under whatever fault was ordered for it."""
        with self.world.lock:
            where = (self.request.method, self.request.path)
            fault = self.world.faults.take(*where) or self.world.chaos.take(*where)
        kind = fault["kind"] if fault else None
        if kind == "429":
            self._release()
            error = ApiError(429, "invalid_request_error", "Request rate limit exceeded.", code="rate_limit")
            return self._reply(429, error.body())
        if kind == "hang" and not fault["after"]:
            time.sleep(fault["seconds"])
        if kind == "500":
            return self._failed(params if fault["after"] else None)
        reply = self._done(params)
        if kind == "hang" and fault["after"]:
            time.sleep(fault["seconds"])
        reply.lost = kind == "lost_answer"
        return reply

    def _failed(self, params):
        """A 500, remembered by its key like any answer; with `params`, after the work was done."""
        if params is not None:
            self._done(params)
        body = server_fault().body()
        with self.world.lock:
            self._remember(500, body)
        return self._reply(500, body, {"Stripe-Should-Retry": "false"})

    def _done(self, params):
        with self.world.lock:
            try:
                status, body = self._perform(params)
            except ApiError as error:
                status, body = error.status, for_browser(error.body()) if self.caller.publishable else error.body()
                if isinstance(error, ParameterError):
                    self._release()
            except Exception:
                logger.exception("%s %s", self.request.method, self.request.path)
                status, body = 500, server_fault().body()
            self._remember(status, body)
            return self._reply(status, body)

    def _perform(self, params):
        route, variables = routing.find(self.request.method, self.request.path)
        if route is None:
            raise unknown_url(self.request.method, self.request.path)
        call = Call(
            self.world,
            self.caller.account,
            params=_checked(route, params, self.caller.publishable),
            publishable=self.caller.publishable,
            request_id=self.request_id,
            idempotency_key=self.key,
            base_url=self.request.base_url,
        )
        run_due(self.world)
        if self.request.method != "GET":
            self.world.changed()
        found = route.handler(call, **variables)
        return 200, show(call, found, call.params.get("expand", ()))

    def _remember(self, status, body):
        if self.key is not None:
            self.world.keys.finish(self.caller.account, self.key, status, body, self.request_id)

    def _release(self):
        if self.key is not None:
            with self.world.lock:
                self.world.keys.release(self.caller.account, self.key)

    def _replayed(self, status, body, request_id):
        headers = {"Idempotent-Replayed": "true", "Original-Request": request_id}
        if status >= 500:
            headers["Stripe-Should-Retry"] = "false"  # the stored answer would only come again
        return self._reply(status, body, headers)

    def _reply(self, status, body, headers=None):
        headers = dict(headers or {})
        if self.key is not None:
            headers["Idempotency-Key"] = self.key
        self.world.requests.write(
            request_id=self.request_id,
            method=self.request.method,
            path=self.request.path,
            account=self.caller and self.caller.account,
            idempotency_key=self.key,
            status=status,
            replayed="Idempotent-Replayed" in headers,
        )
        return Reply.json(status, body, headers)


def _checked(route, params, publishable):
    """The parameters with their types, after every refusal Stripe would make before doing anything."""
    if publishable:
        return _checked_for_browser(route, params)
    checked = schema.check(route.definition, params) if route.definition else _nothing_but_expand(params)
    for name in checked:
        if name not in route.accepts:
            raise unsupported(name)
    return checked


def _checked_for_browser(route, params):
    if route.browser is None:
        raise forbidden(
            "This API call cannot be made with a publishable API key. Please use a secret API key. "
            "You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.",
            "secret_key_required",
        )
    own = {name: value for name, value in params.items() if name not in _BROWSER_EXTRAS}
    for name in own:
        if name not in route.browser:
            raise ParameterError(f"Received unknown parameter: {name}", code="parameter_unknown", param=name)
    return own


def _nothing_but_expand(params):
    for name in params:
        if name != "expand":
            raise ParameterError(f"Received unknown parameter: {name}", code="parameter_unknown", param=name)
    return params
