import json
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class Request:
    method: str
    target: str
    headers: dict  # names in lower case
    body: bytes = b""
    path: str = field(init=False)
    query: str = field(init=False)

    def __post_init__(self):
        parts = urlsplit(self.target)
        self.path, self.query = parts.path, parts.query

    @property
    def base_url(self):
        return f"http://{self.headers.get('host', 'localhost')}"

    def text(self):
        return self.body.decode("utf-8", "replace")


@dataclass
class Reply:
    status: int
    body: bytes = b""
    headers: dict = field(default_factory=dict)
    lost: bool = False  # the work is done but the connection drops before the answer

    @classmethod
    def json(cls, status, value, headers=None):
        body = json.dumps(value).encode()
        return cls(status, body, {"Content-Type": "application/json", **(headers or {})})

    @classmethod
    def html(cls, status, text, headers=None):
        return cls(status, text.encode(), {"Content-Type": "text/html; charset=utf-8", **(headers or {})})

    @classmethod
    def redirect(cls, url):
        return cls(303, b"", {"Location": url})
