"""Where a checkout keeps its local state."""

import os
from pathlib import Path

from config.local.errors import LocalError

ROOT = Path(__file__).resolve().parents[2]


def var():
    """The state folder (`var/`, or `TITHI_VAR`), made on first use. Raises LocalError when it cannot be written."""
    folder = Path(os.environ.get("TITHI_VAR") or ROOT / "var").resolve()
    try:
        if not folder.exists():
            folder.mkdir(parents=True)
            # Ours, so ours to open: under umask 077 the account that runs the servers could not pass through.
            folder.chmod(0o755)
    except OSError as exc:
        raise LocalError(f"{folder} cannot be made ({exc.strerror}).") from exc
    if not os.access(folder, os.W_OK):
        raise LocalError(f"{folder} belongs to another user; remove it or run as that user.")
    return folder


def logs():
    """`var/log`, for this user only: mails and names may pass through it."""
    folder = var() / "log"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
