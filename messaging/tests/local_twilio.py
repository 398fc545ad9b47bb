"""The local Twilio as a process, and what tests do to it."""

import subprocess
import sys
from pathlib import Path

import requests

ROOT = Path(__file__).parents[2]
ACCOUNT, TOKEN, FROM = "AC" + "0" * 32, "local-twilio-token", "+15005550006"


class LocalTwilio:
    def __init__(self):
        command = [sys.executable, "-m", "messaging.simulator", "--port", "0", "--account", ACCOUNT, "--token", TOKEN]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        self.base = self.process.stdout.readline().split()[-1]

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=20)
        self.process.stdout.close()

    def control(self, path, **data):
        answer = requests.post(f"{self.base}/_simulator{path}", json=data, timeout=20)
        answer.raise_for_status()
        return answer.json()

    def look(self, path):
        answer = requests.get(f"{self.base}/_simulator{path}", timeout=20)
        answer.raise_for_status()
        return answer.json()

    def taken(self):
        """(to, body) of every text it has taken, oldest first."""
        return [(each["to"], each["body"]) for each in reversed(self.look("/messages"))]

    def fault(self, kind, times=1):
        self.control("/faults", kind=kind, times=times)

    def news(self):
        """The signed calls about texts so far, in order, none of them posted."""
        return self.look("/callbacks")


def deliver(client, call, **changes):
    """Post one of Twilio's calls to the product; `changes` replace its url, body or headers."""
    call = call | changes
    path = "/" + call["url"].split("/", 3)[3]
    headers = {name: value for name, value in call["headers"].items() if name != "Content-Type"}
    return client.post(path, call["body"], content_type=call["headers"]["Content-Type"], headers=headers)
