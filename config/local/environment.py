"""The environment variables of a local command: the real ones, then `.env`, then what we make up."""

import os
import secrets

from config.local import files, paths

MADE_UP = (
    "SECRET_KEY",
    "CALENDAR_KEYS",
    "STRIPE_WEBHOOK_SECRET",
    "STRIPE_CONNECT_WEBHOOK_SECRET",
    "TWILIO_AUTH_TOKEN",
)
#: Those a command needs that starts no servers.
OWN = ("SECRET_KEY", "CALENDAR_KEYS")


def base(*, env_file=True):
    """The environment every local command gets, before the servers' addresses."""
    environment = dict(os.environ)
    if env_file:
        environment = parse(_read(paths.ROOT / ".env")) | environment
    if environment.get("TITHI_VAR"):
        environment["TITHI_VAR"] = str(paths.var())  # children may start in another folder
    return environment


def made_up():
    """Secrets of this checkout, made once and kept in `var/local.env`."""
    path = paths.var() / "local.env"
    with files.locked("state.lock"):
        known = parse(_read(path))
        missing = {name: _secret_for(name) for name in MADE_UP if name not in known}
        if missing:
            known |= missing
            files.write_private(path, "".join(f"{name}={value}\n" for name, value in known.items()))
    return known


def parse(text):
    """KEY=VALUE lines; comments, `export` and matching quotes are understood."""
    found = {}
    for line in text.splitlines():
        name, separator, value = line.strip().removeprefix("export ").partition("=")
        name, value = name.strip(), value.strip()
        if separator and name and not name.startswith("#"):
            quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
            found[name] = value[1:-1] if quoted else value
    return found


def _secret_for(name):
    return ("whsec_" if name.endswith("WEBHOOK_SECRET") else "") + secrets.token_hex(32)


def _read(path):
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""
