"""Runs `python -m config.local` as a person would, in a state folder of the test's own."""

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = ("DATABASE_", "REDIS_", "STRIPE_", "TWILIO_", "TITHI_", "PG", "PORT", "MAKE", "DJANGO_")


class Checkout:
    """A checkout as the local commands see it: a `var` folder and an environment without anybody's settings."""

    def __init__(self, var, **extra):
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        self.var = var
        self.environment = inherited | {"TITHI_VAR": str(var), "TITHI_LOCAL_FAST": "1"} | extra

    def local(self, *arguments, **extra):
        """One finished command."""
        return subprocess.run(
            [sys.executable, "-m", "config.local", *arguments],
            cwd=ROOT,
            env=self.environment | extra,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def python(self, code, **extra):
        """What a piece of Python prints with the servers up. Fails the test when it fails."""
        done = self.local("exec", "--no-env-file", "--", sys.executable, "-c", code, **extra)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def sql(self, *statements, role="DATABASE_URL"):
        """The last statement's only value."""
        return self.python(
            "import os, psycopg\n"
            f"with psycopg.connect(os.environ[{role!r}], autocommit=True) as connection:\n"
            f"    for statement in {statements!r}:\n"
            "        done = connection.execute(statement)\n"
            "    print(done.fetchone()[0] if done.description else '')"
        )

    def status(self):
        """What `status` says, by subject."""
        lines = self.local("status").stdout.splitlines()
        return {line[:12].strip(): line[12:] for line in lines}

    @contextmanager
    def staying(self, code):
        """A command that stays until the block ends: its process, and the first line it printed."""
        process = subprocess.Popen(
            [sys.executable, "-m", "config.local", "exec", "--no-env-file", "--", sys.executable, "-c", code],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        with process:
            try:
                process.first_line = process.stdout.readline().strip()
                yield process
            finally:
                process.stdin.close()


@contextmanager
def checkout(*, parent_mode=0o755, **extra):
    """A new one; what it left running is stopped and removed at the end."""
    parent = Path(tempfile.mkdtemp(prefix="tithi-test-"))
    parent.chmod(parent_mode)
    made = Checkout(parent / "var", **extra)
    try:
        yield made
    finally:
        cleaned = made.local("clean")
        shutil.rmtree(parent)
        assert cleaned.returncode == 0, cleaned.stderr
