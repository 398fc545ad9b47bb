"""Makes `.venv` and fills it from a locked requirements file. Run by make with the machine's own Python.

    python3 config/local/bootstrap.py requirements.txt

Uses the standard library only. Does nothing when the virtualenv already holds that very file's contents; a virtualenv
that a killed run left half made, or whose Python has gone, is made again.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UNFINISHED = VENV / ".installing"


def main(requirements):
    """Exit code 1 with a sentence when something is missing that we may not install."""
    if sys.version_info < (3, 11):  # noqa: UP036 -- run before anything has checked it
        sys.exit(f"Tithi needs Python 3.11 or newer; this is {sys.version.split()[0]}. Try `make PYTHON=python3.11`.")
    lock = os.open(ROOT, os.O_RDONLY)  # two makes at once: the second waits, then finds everything done
    fcntl.flock(lock, fcntl.LOCK_EX)
    if not _works():
        _make()
    stamp, wanted = VENV / f".{requirements}.installed", _fingerprint(ROOT / requirements)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    _say(f"Installing {requirements} into .venv …")
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    UNFINISHED.touch()
    failed = _run([*pip, "--require-hashes", "-r", ROOT / requirements]).returncode
    UNFINISHED.unlink()
    if failed:
        sys.exit(f"Installing {requirements} failed (above). Run make again once the cause is gone.")
    stamp.write_text(wanted)


def _works():
    # Killed while it wrote packages, pip may take a half-written one for installed.
    return (
        PYTHON.exists() and not UNFINISHED.exists() and _run([PYTHON, "-c", "import pip"], quiet=True).returncode == 0
    )


def _make():
    shutil.rmtree(VENV, ignore_errors=True)
    command = [sys.executable, "-m", "venv", VENV]
    made = _run(command, quiet=True)
    if made.returncode and _install_venv_package():
        shutil.rmtree(VENV, ignore_errors=True)
        made = _run(command, quiet=True)
    if made.returncode or not _works():
        shutil.rmtree(VENV, ignore_errors=True)
        sys.exit(f"{made.stdout}\nPython cannot make a virtualenv. On Debian and Ubuntu: apt-get install {_package()}")


def _install_venv_package():
    """Debian keeps ensurepip in a package of its own."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    _say(f"Installing {_package()} …")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", _package()]):
        _run(command, quiet=True, env=environment)
    return True


def _package():
    return f"python{sys.version_info.major}.{sys.version_info.minor}-venv"


def _fingerprint(path):
    # The Python too: wheels of another version are other wheels.
    return hashlib.sha256(path.read_bytes() + sys.version.encode()).hexdigest()


def _run(command, *, quiet=False, env=None):
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT} if quiet else {}
    return subprocess.run([str(part) for part in command], text=True, env=env, check=False, **output)  # noqa: S603 -- ours


def _say(text):
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
