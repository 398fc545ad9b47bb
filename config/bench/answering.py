"""A process that answers requests to one view, as many as it is told to, and says how long that took.

    python -m config.bench.answering HOST PATH    (a number on a line in; seconds and CPU seconds, as JSON, out)

Everything between WSGI and the view runs; sockets do not, so that their cost does not blur the comparison.
"""

import json
import sys
from io import BytesIO
from time import perf_counter, process_time

from django.core.wsgi import get_wsgi_application


def main(host, path):
    """Serve until standard input ends. Raises RuntimeError for an answer that is not 200."""
    application, environ = get_wsgi_application(), _environ(host, path)
    for line in sys.stdin:
        began, worked = perf_counter(), process_time()
        for _ in range(int(line)):
            _answer(application, environ)
        taken = {"elapsed": perf_counter() - began, "cpu": process_time() - worked}
        sys.stdout.write(json.dumps(taken) + "\n")
        sys.stdout.flush()


def _answer(application, environ):
    statuses = []
    response = application(environ | {"wsgi.input": BytesIO()}, lambda status, headers: statuses.append(status))
    body = b"".join(response)
    response.close()
    if statuses != ["200 OK"]:
        raise RuntimeError(f"{statuses}: {body[:500]!r}")


def _environ(host, path):
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": host,
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
