"""A Chromium for the browser tests: the machine's, or installed where we may."""

import os
import shutil
import sys
from pathlib import Path

from config.local import processes
from config.local.errors import LocalError

#: The shell first: the same browser without the window around its pages, which nobody sees and every page waits for.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
HELP = "Install Chromium (Debian: apt-get install chromium) or name one with TITHI_CHROMIUM=/path/to/chromium."


def find():
    """The path of a Chromium that starts, else None. Raises LocalError when TITHI_CHROMIUM does not."""
    if chosen := os.environ.get("TITHI_CHROMIUM"):
        if not _starts(chosen):
            raise LocalError(f"TITHI_CHROMIUM={chosen} does not start.")
        return Path(chosen)
    candidates = [shutil.which(name) for name in NAMES] + [place for place in PLACES if Path(place).exists()]
    return next((Path(program) for program in candidates if program and _starts(program)), None)


def ensure():
    """Find one, installing it as root on Debian; its path. Raises LocalError saying what to do otherwise."""
    if program := find():
        return program
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise LocalError(f"No Chromium was found, and the browser tests need one. {HELP}")
    sys.stderr.write("Installing Chromium for the browser tests …\n")
    processes.run(("apt-get", "update"), timeout=600)
    try:
        _install("chromium-headless-shell")
    except LocalError:  # older systems have no such package
        _install("chromium")
    if program := find():
        return program
    raise LocalError(f"Chromium was installed but does not start. {HELP}")


def _install(package):
    install = ("apt-get", "install", "-y", "--no-install-recommends", package, "fonts-liberation")
    processes.run(install, timeout=1800)


def _starts(program):
    try:
        # Ubuntu's chromium-browser is a script that only says to install a snap.
        return any(word in processes.run((program, "--version"), timeout=60) for word in ("Chrom", "chrom"))
    except LocalError:
        return False
