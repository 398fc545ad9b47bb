"""Who runs the servers, and in which folder they keep their data.

PostgreSQL refuses to run as root. As root, then, the servers run as an unprivileged account; where that account
cannot reach the checkout (a clone under /root), their data lives outside it and `var/` remembers where. The
permissions of folders we did not make are never touched.
"""

import os
import pwd
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from config.local import files, paths, processes
from config.local.errors import LocalError

FALLBACK_PARENTS = ("/var/lib", "/var/tmp", "/tmp")  # noqa: S108 -- mkdtemp makes a private folder of a random name


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int

    def as_popen(self):
        """What subprocess needs to become this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


@dataclass(frozen=True)
class Place:
    """A folder for the servers and the account they run as (None: the caller's own)."""

    home: Path
    account: Account | None

    def folder(self, name):
        """A private folder of the account, made on first use."""
        folder = self.home / name
        if not folder.exists():
            folder.mkdir(mode=0o700)
            self._own(folder)
        return folder

    def write(self, path, text):
        """A private file of the account."""
        files.write_private(path, text, owner=self.account)

    def run(self, *command):
        """Run a program as the account; its output. Raises LocalError when it fails."""
        return processes.run(command, account=self.account, cwd=self.home)

    def can_use(self, path):
        """May the account pass through this folder, or execute this file?"""
        return self.account is None or _can_use(self.account, path)

    def _own(self, path):
        if self.account is not None:
            os.chown(path, self.account.uid, self.account.gid)


def find():
    """The place of this checkout, made on first use."""
    state, var = files.read_state(), paths.var()
    remembered = _remembered_home(state)
    account = _account(remembered or var)
    if remembered:
        return Place(remembered, account)
    if account is None or _can_use(account, var):
        return Place(var, account)
    home = _private_home(account)
    files.remember(home=str(home), home_uid=account.uid)
    return Place(home, account)


def forget(place):
    """Remove the servers' data, wherever it is."""
    if place.home != paths.var():
        shutil.rmtree(place.home, ignore_errors=True)
    shutil.rmtree(paths.var(), ignore_errors=True)


def _remembered_home(state):
    home = Path(state["home"]) if "home" in state else None
    # A folder of that name made by somebody else since (a swept /tmp) is not ours.
    return home if home and home.is_dir() and home.stat().st_uid == state["home_uid"] else None


def _account(home):
    if os.geteuid() != 0:
        return None
    with suppress(FileNotFoundError):
        owner = home.joinpath("pg").stat()
        if owner.st_uid != 0:
            return Account(_name_of(owner.st_uid), owner.st_uid, owner.st_gid)
    return _named("postgres") or _named("tithi") or _create("tithi") or _named("nobody") or _no_account()


def _name_of(uid):
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"


def _named(name):
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(name, entry.pw_uid, entry.pw_gid)


def _create(name):
    for command in (
        ("useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", name),
        ("adduser", "-S", "-D", "-H", name),
    ):
        with suppress(LocalError):
            processes.run(command)
            return _named(name)
    return None


def _no_account():
    raise LocalError("PostgreSQL refuses to run as root and this machine has no other account; set DATABASE_URL.")


def _can_use(account, path):
    try:
        # Asked of the kernel as that account: mode bits alone would miss ACLs and mounts.
        processes.run(("/bin/sh", "-c", 'test -x "$1"', "sh", path), account=account)
    except LocalError:
        return False
    return True


def _private_home(account):
    for parent in FALLBACK_PARENTS:
        if _can_use(account, parent):
            with suppress(OSError):
                home = Path(tempfile.mkdtemp(prefix="tithi-", dir=parent))
                os.chown(home, account.uid, account.gid)
                return home
    raise LocalError(f"No folder was found in which {account.name} may keep the database; set DATABASE_URL.")
