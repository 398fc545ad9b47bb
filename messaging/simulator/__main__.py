import argparse
import signal
import sys
import threading
from pathlib import Path

from .server import Server
from .world import World


def main():
    options = _options()
    world = World(account=options.account, token=options.token, inbound=options.inbound, keep=options.keep)
    server = Server((options.host, options.port), world)

    def stop(signum, frame):
        # shutdown() waits for serve_forever(), which this very thread runs.
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    sys.stdout.write(f"Local Twilio on http://{options.host}:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.1)
    server.server_close()


def _options():
    parser = argparse.ArgumentParser(
        prog="python -m messaging.simulator", description="A local Twilio for text messages."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=12112, help="0 picks a free one; the first line printed names it")
    parser.add_argument("--account", default="AC" + "0" * 32)
    parser.add_argument("--token", default="local-twilio-token")
    parser.add_argument("--inbound", metavar="URL", default="", help="where texts to our number are told")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where each text is kept as a file")
    return parser.parse_args()


if __name__ == "__main__":
    main()
