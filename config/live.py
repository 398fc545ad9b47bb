"""The process for live updates: `python -m config.live --host 0.0.0.0 --port 8001`, behind the proxy's `/ws/`."""

import argparse
import os

import uvicorn

#: Pages never speak: what they send only has to be readable enough to be refused.
LONGEST_MESSAGE = 1024
#: A browser that has gone without a word is missed after twice this.
PING_SECONDS = 20


def main():
    parser = argparse.ArgumentParser(prog="python -m config.live", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    uvicorn.run(
        "config.asgi:application",
        host=given.host,
        port=given.port,
        ws="websockets-sansio",
        ws_max_size=LONGEST_MESSAGE,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PING_SECONDS,
        ws_per_message_deflate=False,
        lifespan="off",
        proxy_headers=False,  # `tenants.addresses` is the judge of those
        server_header=False,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=3,
    )


if __name__ == "__main__":
    main()
