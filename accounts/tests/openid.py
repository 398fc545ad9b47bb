"""An OpenID provider on loopback that speaks HTTP as Google does: code, PKCE, signed id_token, published keys."""

import base64
import json
import secrets
import threading
import time
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "tithi.apps.example", "google-secret"
CALLBACK = "/accounts/google/login/callback/"
ISSUER = "https://accounts.google.com"


class Provider(ThreadingHTTPServer):
    """`person` is who presses “allow”; `cancels` and `lies` (claims that replace the true ones) make it misbehave."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.key = self.signed_with = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.codes, self.asked = {}, []
        self.person = {"sub": "1001", "email": "Ada@Person.example", "email_verified": True}
        self.person |= {"given_name": "Ada", "family_name": "Berg", "name": "Ada Berg"}
        self.cancels, self.lies = False, {}

    def settings(self):
        return {
            "AUTHORIZE_URL": f"{self.url}/authorize",
            "ACCESS_TOKEN_URL": f"{self.url}/token",
            "CERTS_URL": f"{self.url}/certs",
        }

    def keys(self):
        return {"keys": [jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True) | {"kid": "k1"}]}

    def id_token(self, asked):
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims = {name: value for name, value in (claims | self.person | self.lies).items() if value is not None}
        return jwt.encode(claims, self.signed_with, "RS256", headers={"kid": "k1"})


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_GET(self):
        address = urlsplit(self.path)
        if address.path == "/certs":
            self._say(200, self.server.keys())
        elif address.path == "/authorize":
            self._authorize({name: values[0] for name, values in parse_qs(address.query).items()})
        else:
            self._say(404, {})

    def _authorize(self, asked):
        self.server.asked.append(asked)
        right = (
            asked["client_id"] == CLIENT_ID
            and urlsplit(asked["redirect_uri"]).path == CALLBACK
            and asked["response_type"] == "code"
            and set(asked["scope"].split()) == {"openid", "email", "profile"}
            and asked["code_challenge_method"] == "S256"
            and asked["nonce"]
        )
        if not right:
            self._say(400, {"error": "invalid_request"})
            return
        answer = {"error": "access_denied"} if self.server.cancels else {"code": self._code(asked)}
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?{urlencode(answer | {'state': asked['state']})}")
        self.end_headers()

    def _code(self, asked):
        code = secrets.token_urlsafe(16)
        self.server.codes[code] = asked
        return code

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        asked = self.server.codes.pop(sent.get("code"), None)  # once
        right = (
            asked
            and (sent["client_id"], sent["client_secret"]) == (CLIENT_ID, CLIENT_SECRET)
            and sent["redirect_uri"] == asked["redirect_uri"]
            and challenge_of(sent.get("code_verifier", "")) == asked["code_challenge"]
        )
        if right:
            self._say(200, {"access_token": "at", "token_type": "Bearer", "id_token": self.server.id_token(asked)})
        else:
            self._say(400, {"error": "invalid_grant"})

    def _say(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def challenge_of(verifier):
    return base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def serving(settings):
    """A running Provider, and the settings pointed at it; to be used as a generator fixture."""
    with Provider() as provider:
        thread = threading.Thread(target=provider.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        settings.GOOGLE_CLIENT_ID, settings.GOOGLE_CLIENT_SECRET = CLIENT_ID, CLIENT_SECRET
        google = settings.SOCIALACCOUNT_PROVIDERS["google"] | provider.settings()
        settings.SOCIALACCOUNT_PROVIDERS = {"google": google}
        yield provider
        provider.shutdown()
        thread.join()
