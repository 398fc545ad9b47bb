"""`run`: the whole of Tithi on this machine."""

import http.client
import os
import signal
import sys
import time

from config.local import environment, files, paths, ports, processes, supervisor
from config.local.errors import LocalError
from config.local.services import Services
from config.local.supervisor import Supervisor, say

PYTHON = sys.executable
READY_SECONDS = 180
LOCAL_TWILIO = "AC" + "0" * 32
BANNER = """
Tithi runs (ready after {seconds:.0f} s). Ctrl-C stops all of it.

  platform    http://{host}:{port}
  salon       http://luna.{host}:{port}       a second one: http://sol.{host}:{port}
  dashboard   http://luna.{host}:{port}/dashboard/   all records: /admin/
  sent mail   http://{host}:{port}/dev/outbox/   and text messages
  Stripe      {stripe}

  log in as   owner@luna.test, admin@luna.test, staff@luna.test, viewer@luna.test (owner@sol.test on sol)
              operator@tithi.test at http://{host}:{port}/operators/ (asks for two-step sign-in first)
  password    demo-salon-2026
  logs        {logs}
"""


def main():
    """Start everything and stay until a signal; the exit code. Raises LocalError when something does not stay up."""
    began = time.monotonic()
    env = _environment()
    port = _wanted_port(env)
    lock = _only_one()
    try:
        supervisor.end_leftovers()
        if not ports.is_free(port):
            raise LocalError(f"Port {port} is already in use; choose another with `make run PORT={port + 1}`.")
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with Services(env) as services:
            _supervise(env | services.environment, port, services.lock, began)
    finally:
        os.close(lock)
    return 0


def stop():
    """Stop the `make run` of this checkout, and the processes a killed one left behind."""
    running = files.read_state().get("supervisor")
    if not _is_unused():
        processes.end(running, grace=supervisor.GRACE + 15)
    supervisor.end_leftovers()


def is_running():
    """Does a `make run` of this checkout live?"""
    return not _is_unused()


def _supervise(env, port, lock, began):
    family = Supervisor(lock=lock)
    family.catch_signals()
    try:
        env |= _simulator(family, env, port) | _local_twilio(family, env, port) | _live_port()
        say("Preparing the database (the first time takes a minute) …")
        family.run_to_end("prepare", [PYTHON, "manage.py", "prepare"], env)
        if not family.is_stopping:
            _start_processes(family, env, port)
            family.wait_until(
                lambda: _answer(port, "/health/ready", env["PLATFORM_DOMAIN"]) == 200, READY_SECONDS, _not_ready(port)
            )
        if not family.is_stopping:
            _greet(env, port, began)
        family.watch()
        say("Stopping …")
    finally:
        family.stop()


def _start_processes(family, env, port):
    var = paths.var()
    celery = [PYTHON, "-m", "celery", "-A", "config"]
    family.start("web", _granian(port), _web_environment(env))
    family.start("live", live_command(env["LIVE_PORT"]), _web_environment(env))
    family.start("worker", [*celery, "worker", "-Q", "celery,nightly", "--concurrency", "2", "--loglevel", "INFO"], env)
    family.start("scheduler", [*celery, "beat", "-s", str(var / "celerybeat-schedule"), "--pidfile="], env)


def _live_port():
    """Where WebSockets are served; cookies know no ports."""
    own = ports.free(files.read_state().get("live_port"))
    files.remember(live_port=own)
    return {"LIVE_UPDATES": "on", "LIVE_PORT": str(own)}


def live_command(port):
    return [PYTHON, "-m", "config.live", "--port", str(port)]


def _granian(port, *, workers=2):
    return [
        *(PYTHON, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", "8", "--no-ws"),
        *("--respawn-failed-workers", "--workers-kill-timeout", "5"),
        "config.wsgi:application",
    ]


def _web_environment(env):
    """The web process signs in as a role that cannot change the schema, and is told of no other."""
    web = dict(env)
    web["DATABASE_URL"] = web.pop("DATABASE_WEB_URL", web["DATABASE_URL"])
    web.pop("DATABASE_OWNER_URL", None)
    return web


def _simulator(family, env, port):
    """Start the local Stripe unless a key of the real one is set; the variables that lead to it."""
    if env.get("STRIPE_SECRET_KEY"):
        return {}
    own = ports.free(files.read_state().get("simulator_port"))
    files.remember(simulator_port=own)
    secrets = environment.made_up()
    platform, connect = secrets["STRIPE_WEBHOOK_SECRET"], secrets["STRIPE_CONNECT_WEBHOOK_SECRET"]
    # The platform answers to its name only, so webhooks are sent to that, not to 127.0.0.1.
    webhook = f"http://{env['PLATFORM_DOMAIN']}:{port}/stripe/webhook/"
    command = [PYTHON, "-m", "payments.simulator", "--port", str(own), "--state", str(paths.var() / "stripe.json")]
    command += ["--webhook", webhook, "--webhook-secret", platform]
    command += ["--connect-webhook", webhook, "--connect-webhook-secret", connect]
    family.start("stripe", command, env)
    family.wait_until(
        lambda: _answer(own, "/_simulator/health") == 200, 30, "The local Stripe did not start; see var/log/stripe.log."
    )
    base = f"http://127.0.0.1:{own}"
    return {
        "STRIPE_SECRET_KEY": "sk_test_LocalStripe0000000000000000",
        "STRIPE_PUBLISHABLE_KEY": "pk_test_LocalStripe0000000000000000",
        "STRIPE_API_BASE": base,
        "STRIPE_JS_URL": f"{base}/v3/",
        "STRIPE_WEBHOOK_SECRET": platform,
        "STRIPE_CONNECT_WEBHOOK_SECRET": connect,
    }


def _local_twilio(family, env, port):
    """Start the local Twilio unless an account of the real one is set; the variables that lead to it."""
    if env.get("TWILIO_ACCOUNT_SID"):
        return {}
    own = ports.free(files.read_state().get("twilio_port"))
    files.remember(twilio_port=own)
    token = environment.made_up()["TWILIO_AUTH_TOKEN"]
    command = [PYTHON, "-m", "messaging.simulator", "--port", str(own), "--keep", str(paths.var() / "texts")]
    command += ["--account", LOCAL_TWILIO, "--token", token]
    command += ["--inbound", f"http://{env['PLATFORM_DOMAIN']}:{port}/texts/inbound/"]
    family.start("twilio", command, env)
    family.wait_until(
        lambda: _answer(own, "/_simulator/health") == 200, 30, "The local Twilio did not start; see var/log/twilio.log."
    )
    return {
        "TWILIO_ACCOUNT_SID": LOCAL_TWILIO,
        "TWILIO_AUTH_TOKEN": token,
        "TWILIO_FROM": "+15005550006",
        "TWILIO_API_BASE": f"http://127.0.0.1:{own}",
    }


def _environment():
    defaults = {"TITHI_ENV": "local", "PLATFORM_DOMAIN": "localhost", "PORT": "8000", "PYTHONUNBUFFERED": "1"}
    made_up = environment.made_up()
    defaults |= {name: made_up[name] for name in environment.OWN}
    given = environment.base()
    return given | {name: given.get(name) or value for name, value in defaults.items()}


def _wanted_port(env):
    text = env["PORT"]
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise LocalError(f"PORT={text} is not a port number.")
    return int(text)


def _only_one():
    lock = files.open_lock("run.lock")
    if not files.try_lock(lock):
        raise LocalError("`make run` already runs in this checkout; `.venv/bin/python -m config.local stop` ends it.")
    files.remember(supervisor=processes.identity(os.getpid()))
    return lock


def _is_unused():
    lock = files.open_lock("run.lock")
    try:
        return files.try_lock(lock)
    finally:
        os.close(lock)


def _answer(port, path, host="localhost"):
    """The status of a GET on this machine; None when nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": f"{host}:{port}"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _not_ready(port):
    return f"http://localhost:{port}/health/ready did not answer 200 within {READY_SECONDS} s; see var/log/web.log."


def _greet(env, port, began):
    base = env.get("STRIPE_API_BASE")
    stripe = f"{base}/_simulator/ledger (local; what money moved)" if base else "the account of STRIPE_SECRET_KEY"
    say(
        BANNER.format(
            host=env["PLATFORM_DOMAIN"],
            port=port,
            stripe=stripe,
            logs=os.path.relpath(paths.logs()),
            seconds=time.monotonic() - began,
        )
    )
