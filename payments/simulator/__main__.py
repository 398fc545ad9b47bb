import argparse
import logging
import signal
import sys
import threading
from pathlib import Path

from .app import App
from .saving import Saver
from .server import Server
from .ticking import Ticker
from .world import World


def main():
    options = _options()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s simulator %(levelname)s %(message)s")
    world = World()
    if options.state and options.state.exists():
        world.load(options.state)
    for url, secret, connect in (
        (options.webhook, options.webhook_secret, False),
        (options.connect_webhook, options.connect_webhook_secret, True),
    ):
        if url:
            world.deliveries.add_endpoint(url=url, secret=secret, connect=connect)
    _serve(world, options)


def _serve(world, options):
    server = Server((options.host, options.port), App(world))
    saver = Saver(world, options.state) if options.state else None
    ticker = Ticker(world)
    world.base_url = f"http://{options.host}:{server.server_port}"
    world.deliveries.start()
    ticker.start()
    if saver:
        saver.start()

    def stop(signum, frame):
        # shutdown() waits for serve_forever(), which this very thread runs.
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    sys.stdout.write(f"Local Stripe on http://{options.host}:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.1)
    server.server_close()
    ticker.stop()
    if saver:
        saver.stop()


def _options():
    parser = argparse.ArgumentParser(
        prog="python -m payments.simulator", description="A local, stateful, Stripe-compatible server."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=12111, help="0 picks a free one; the first line printed names it")
    parser.add_argument(
        "--state", type=Path, help="a JSON file that keeps everything between runs; without it all is in memory"
    )
    parser.add_argument("--webhook", metavar="URL", help="where the platform's events go")
    parser.add_argument("--webhook-secret", default="whsec_local_platform")
    parser.add_argument("--connect-webhook", metavar="URL", help="where the connected accounts' events go")
    parser.add_argument("--connect-webhook-secret", default="whsec_local_connect")
    return parser.parse_args()


if __name__ == "__main__":
    main()
