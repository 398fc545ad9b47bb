"""A mail server that keeps no mail: `python -m config.chaos.sink PORT FILE` writes one line for each message it has taken.

The line is written before the sender is told: whoever is killed in between has sent.
"""

import json
import socketserver
import sys
import time
from email.parser import BytesHeaderParser
from pathlib import Path

#: As long as a quick server thinks: somebody may die meanwhile.
THINKS = 0.004


class Session(socketserver.StreamRequestHandler):
    def handle(self):
        self._say("220 sink")
        recipients = []
        while line := self.rfile.readline(1000):
            verb = line[:4].upper()
            if verb in (b"EHLO", b"HELO"):
                self._say("250 sink")
            elif verb == b"RCPT":
                recipients.append(line.partition(b"<")[2].partition(b">")[0].decode())
                self._say("250 ok")
            elif verb == b"DATA":
                self._say("354 go on")
                text = self._text()
                if text is None:
                    return
                self.server.note(text, recipients)
                time.sleep(THINKS)
                recipients = []
                self._say("250 taken")
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _text(self):
        """The message, None where its sender has gone before its end."""
        lines = []
        while line := self.rfile.readline():
            if line == b".\r\n":
                return b"".join(lines)
            lines.append(line)
        return None

    def _say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


class Sink(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self, port, file):
        super().__init__(("127.0.0.1", port), Session)
        self._file = Path(file).open("a", buffering=1)  # noqa: SIM115 -- as long as the process

    def server_close(self):
        super().server_close()
        self._file.close()

    def note(self, text, recipients):
        headers = BytesHeaderParser().parsebytes(text)
        line = {"id": headers["X-Entity-Ref-ID"], "name": headers["Message-ID"], "to": recipients}
        self._file.write(json.dumps(line) + "\n")


def taken(file):
    """What it has written down: [{id, name, to}]."""
    return [json.loads(line) for line in Path(file).read_text().splitlines()] if Path(file).exists() else []


if __name__ == "__main__":
    Sink(int(sys.argv[1]), sys.argv[2]).serve_forever()
