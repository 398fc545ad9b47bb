"""The processes of `make run`, with small ones in the place of the real."""

import os
import signal
import socket
import stat
import subprocess
import sys
import textwrap

import pytest

from config.local import browser, processes
from config.local.errors import LocalError
from config.tests.local_commands import ROOT, Checkout

SUPERVISE = """
    import sys
    from config.local.errors import LocalError
    from config.local.supervisor import Supervisor, say

    family = Supervisor(backoff=0.01, grace=60)
    family.catch_signals()
    try:
        for number, code in enumerate(sys.argv[1:]):
            family.start(f"child{number}", [sys.executable, "-uc", code], None)
        family.watch()
    except LocalError as exc:
        say(str(exc))
    finally:
        family.stop()
"""
STAYS = "import os, time; print('up', os.getpid()); time.sleep(60)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, lambda *_: print('no')); {STAYS}"


@pytest.fixture
def where(tmp_path):
    return Checkout(tmp_path / "var")


@pytest.fixture
def supervise(where):
    """Start a supervisor with children running these pieces of Python."""
    started = []

    def start(*codes):
        command = [sys.executable, "-c", textwrap.dedent(SUPERVISE), *codes]
        started.append(subprocess.Popen(command, cwd=ROOT, env=where.environment, stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()
    where.local("stop")


def read_pid(process):
    """The pid a child said after `up`."""
    return int(process.stdout.readline().rpartition("up ")[2])


def is_gone(pid):
    return processes.wait_until(lambda: processes.started_at(pid) is None, 20)


def test_output_carries_the_child_s_name_and_is_kept(supervise, where):
    process = supervise("print('hello'); import time; time.sleep(60)")

    assert process.stdout.readline() == "child0    | hello\n"
    assert (where.var / "log" / "child0.log").read_text() == "hello\n"
    assert stat.S_IMODE((where.var / "log").stat().st_mode) == 0o700


def test_a_dead_child_is_started_again(supervise):
    process = supervise(STAYS)
    first = read_pid(process)

    os.kill(first, signal.SIGKILL)

    assert process.stdout.readline() == "child0 died (exit -9); starting it again in 0.01 s\n"
    assert read_pid(process) != first


def test_a_child_that_does_not_stay_up_stops_all_of_them(supervise, where):
    process = supervise(STAYS, "raise SystemExit(3)")

    output = process.communicate(timeout=20)[0].splitlines()

    message = os.path.relpath(where.var / "log" / "child1.log", ROOT)
    assert output[-1] == f"child1 died 4 times (last exit 3); see {message}."
    assert is_gone(int(output[0].rpartition("up ")[2]))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_signal_ends_every_child(supervise, number):
    process = supervise(STAYS, STAYS)
    children = [read_pid(process), read_pid(process)]

    process.send_signal(number)

    assert process.wait(20) == 0
    assert [is_gone(child) for child in children] == [True, True]


def test_a_second_signal_kills_at_once(supervise):
    process = supervise(STUBBORN)
    child = read_pid(process)
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == "child0    | no\n"

    process.send_signal(signal.SIGINT)

    assert process.wait(20) == 0  # the grace is a minute
    assert is_gone(child)


def test_stop_ends_the_children_of_a_killed_supervisor(supervise, where):
    process = supervise(STAYS)
    child = read_pid(process)
    process.kill()
    process.wait()
    assert processes.started_at(child)

    assert where.local("stop").returncode == 0

    assert is_gone(child)


def test_run_names_the_way_out_of_a_taken_port(where):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        refused = where.local("run", PORT=str(port))

    assert (refused.returncode, refused.stderr) == (
        1,
        f"Port {port} is already in use; choose another with `make run PORT={port + 1}`.\n",
    )
    assert not (where.var / "pg").exists()


def test_run_refuses_a_port_that_is_no_number(where):
    refused = where.local("run", PORT="eight")

    assert (refused.returncode, refused.stderr) == (1, "PORT=eight is not a port number.\n")


@pytest.mark.parametrize("arguments", [[], ["dance"], ["exec"], ["exec", "true"], ["run", "fast"]])
def test_a_misspelt_command_explains_itself(where, arguments):
    answer = where.local(*arguments)

    assert answer.returncode == 2
    assert answer.stderr.startswith("usage: python -m config.local ")


def test_a_chosen_browser_that_does_not_start_is_an_error(monkeypatch):
    monkeypatch.setenv("TITHI_CHROMIUM", "/bin/false")

    with pytest.raises(LocalError, match=r"^TITHI_CHROMIUM=/bin/false does not start.$"):
        browser.find()


def test_a_missing_browser_is_never_passed_over(monkeypatch):
    monkeypatch.delenv("TITHI_CHROMIUM", raising=False)
    monkeypatch.setattr(browser, "NAMES", ())
    monkeypatch.setattr(browser, "PLACES", ())
    monkeypatch.setattr(browser.os, "geteuid", lambda: 1000)

    with pytest.raises(LocalError, match=r"^No Chromium was found, and the browser tests need one."):
        browser.ensure()
