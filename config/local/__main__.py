"""python -m config.local exec [--no-env-file] -- COMMAND … | run | stop | status | browser | clean"""

import sys

from config.local import browser, command, place, run, services
from config.local.errors import LocalError


def main(arguments):
    """Dispatch; the exit code."""
    verb, *rest = arguments or ["help"]
    try:
        if verb == "exec" and "--" in rest:
            options, given = rest[: rest.index("--")], rest[rest.index("--") + 1 :]
            if given and set(options) <= {"--no-env-file"}:
                return command.run(given, env_file="--no-env-file" not in options)
        elif verb in VERBS and not rest:
            return VERBS[verb]()
    except LocalError as exc:
        sys.stderr.write(f"{exc}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    sys.stderr.write(f"usage: {__doc__}\n")
    return 2


def stop():
    run.stop()
    services.stop()
    return 0


def status():
    lines = [*services.status(), f"make run    {'running' if run.is_running() else 'stopped'}"]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def find_browser():
    sys.stdout.write(f"{browser.ensure()}\n")
    return 0


def clean():
    """Stop everything and remove the local data, wherever it is."""
    stop()
    place.forget(place.find())
    return 0


VERBS = {"run": run.main, "stop": stop, "status": status, "browser": find_browser, "clean": clean}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
