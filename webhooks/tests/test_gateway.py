"""Where a webhook may go: to the public internet, to the address that was looked at, and nowhere else."""

import ipaddress
import ssl
import time
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.utils import timezone

from tenants.tests.name_server import NameServer
from webhooks import gateway
from webhooks.tests.listening import Listener, nobody

PRIVATE = (
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",  # noqa: S104 -- refused
    "0.1.2.3",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2001:0:4136:e378::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
)
PUBLIC = ("93.184.216.34", "8.8.8.8", "2606:2800:220:1::1")
WRONG = (
    "",
    "hooks.example",
    "ftp://hooks.example/",
    "file:///etc/passwd",
    "http://hooks.example/",
    "https://",
    "https://localhost/",
    "https://intranet/",
    "https://hooks.example:8443/",
    "https://hooks.example:80/",
    "https://hooks.example:0/",
    "https://hooks.example:99999/",
    "https://user:word@hooks.example/",
    "https://hooks.example@127.0.0.1/",
    "https://hooks.example/#part",
    "https://hooks.example/a b",
    "https://hooks.example/\r\nHost: x",
    "https://hooks.example\\@127.0.0.1/",
    "https://bücher.example/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0177.0.0.1/",
    "https://127.0.0.1.",
    "https://[::1]/",
    "https://[fe80::1%25eth0]/",
)


def send(url, body=b"{}"):
    return gateway.post(url, body=body, headers={"X-Test": "1"})


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_of_private_networks_are_refused(address):
    assert not gateway.may_call(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_of_the_internet_are_called(address):
    assert gateway.may_call(ipaddress.ip_address(address))


@pytest.mark.parametrize("url", [*WRONG, *(f"https://[{a}]/" if ":" in a else f"https://{a}/" for a in PRIVATE)])
def test_what_is_no_public_address_is_refused_by_its_text(url):
    with pytest.raises(gateway.Refused):
        gateway.target_of(url)


def test_a_good_address_is_taken_apart():
    target = gateway.target_of("https://Hooks.Example:443/in?x=1")

    assert target == gateway.Target("https", "hooks.example", 443, "/in?x=1")
    assert target.host_header == "hooks.example"


@pytest.mark.parametrize("address", [address for address in PRIVATE if ":" not in address])
def test_a_name_that_leads_into_a_private_network_is_refused(name_server, address):
    name_server.set("hooks.example", "A", "93.184.216.34", address)

    with pytest.raises(gateway.Refused):
        gateway.addresses_of("hooks.example")


@pytest.mark.parametrize("address", [address for address in PRIVATE if ":" in address])
def test_so_is_one_that_does_in_ipv6(name_server, address):
    name_server.set("hooks.example", "A", "93.184.216.34")
    name_server.set("hooks.example", "AAAA", address)

    with pytest.raises(gateway.Refused):
        gateway.addresses_of("hooks.example")


def test_so_is_one_that_gets_there_over_another_name(name_server):
    name_server.set("hooks.example", "CNAME", "inside.example")
    name_server.set("inside.example", "A", "10.0.0.7")

    with pytest.raises(gateway.Refused):
        gateway.addresses_of("hooks.example")


def test_a_public_name_is_called_at_its_addresses(name_server):
    name_server.set("hooks.example", "A", "93.184.216.34")
    name_server.set("hooks.example", "AAAA", "2606:2800:220:1::1")

    assert gateway.addresses_of("hooks.example") == ["93.184.216.34", "2606:2800:220:1::1"]


@pytest.mark.parametrize("rcode", ["NXDOMAIN", "SERVFAIL"])
def test_a_name_that_leads_nowhere_is_not_reached(name_server, rcode):
    name_server.rcode = rcode

    with pytest.raises(gateway.Unreachable):
        send("https://hooks.example/")


def test_nothing_is_sent_to_a_name_of_this_machine(name_server):
    listener = Listener()
    name_server.set("hooks.example", "A", "127.0.0.1")

    with pytest.raises(gateway.Refused):
        send(f"https://hooks.example:{listener.port}/")
    with pytest.raises(gateway.Refused):
        send("https://hooks.example/")

    listener.close()
    assert listener.heard == []


class Rebinding(NameServer):
    """Says something harmless once, and another address from then on."""

    def _answer(self, query):
        answer = super()._answer(query)
        self.set("localhost.example", "A", "127.0.0.2")
        return answer


def test_a_name_server_that_changes_its_mind_is_not_asked_twice(listen, settings, certified):
    outside, inside = listen(tls=certified), listen(host="127.0.0.2")
    server = Rebinding()
    settings.DNS_RESOLVERS = [server.address]
    server.set("localhost.example", "A", "127.0.0.1")

    answer = send(f"https://localhost.example:{outside.port}/")

    server.close()
    assert answer.code == 200
    assert [kind for _, kind in server.asked] == ["A", "AAAA"]
    assert (len(outside.heard), len(inside.heard)) == (1, 0)
    assert gateway.addresses_of("127.0.0.2") == ["127.0.0.2"]  # where the second answer would have led


@pytest.fixture
def certified(tmp_path, monkeypatch):
    """A server's TLS for `localhost.example`, by an authority that this process trusts."""
    key, now = ec.generate_private_key(ec.SECP256R1()), timezone.now()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost.example")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    file = tmp_path / "server.pem"
    file.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()) + made.public_bytes(pem)
    )
    (tmp_path / "ca.pem").write_bytes(made.public_bytes(pem))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def test_tls_is_spoken_with_the_name_and_checked(listen, name_server, certified):
    listener = listen(tls=certified)
    for name in ("localhost.example", "other.example"):
        name_server.set(name, "A", "127.0.0.1")

    assert send(f"https://localhost.example:{listener.port}/in").code == 200
    with pytest.raises(gateway.Unreachable, match="CERTIFICATE_VERIFY_FAILED"):
        send(f"https://other.example:{listener.port}/in")

    assert [(heard.path, heard.headers["Host"]) for heard in listener.heard] == [
        ("/in", f"localhost.example:{listener.port}")
    ]


def test_what_is_sent_arrives_and_the_answer_comes_back(listen):
    listener = listen(answers=[(418, {"Content-Type": "text/plain"}, "té\x00a".encode() + b"x" * 5000)])

    answer = send(listener.url, b'{"a": 1}')

    assert (answer.code, answer.text[:4], len(answer.text)) == (418, "téax", 500)
    (heard,) = listener.heard
    assert (heard.path, heard.body, heard.headers["X-Test"]) == ("/hook?from=tithi", b'{"a": 1}', "1")


def test_a_redirect_is_an_answer_and_not_followed(listen):
    inside = listen()
    listener = listen(answers=[(307, {"Location": inside.url}, b"")])

    assert send(listener.url).code == 307
    assert inside.heard == []


def test_no_proxy_of_the_environment_is_used(listen, monkeypatch):
    proxy, listener = listen(), listen()
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")

    send(listener.url)

    assert (len(listener.heard), proxy.heard) == (1, [])


@pytest.mark.parametrize("trickle", [0.1, 3], ids=["byte by byte", "silent"])
def test_who_is_slow_is_given_up_on_at_the_deadline(listen, monkeypatch, trickle):
    monkeypatch.setattr(gateway, "TIMEOUT_SECONDS", 0.5)
    listener, began = listen(trickle=trickle), time.monotonic()

    with pytest.raises(gateway.Unreachable, match=r"No answer within 0\.5 seconds"):
        send(listener.url)

    assert time.monotonic() - began < 2


def test_who_speaks_no_http_or_is_not_there_is_not_reached(listen):
    with pytest.raises(gateway.Unreachable):
        send(listen(answers=[("nonsense", {}, b"")]).url)
    with pytest.raises(gateway.Unreachable):
        send(f"http://127.0.0.1:{nobody()}/")


def test_a_body_of_more_than_64_kilobytes_is_not_sent(listen):
    listener = listen()

    assert send(listener.url, b"x" * 64 * 1024).code == 200
    with pytest.raises(gateway.Refused):
        send(listener.url, b"x" * (64 * 1024 + 1))
    assert len(listener.heard) == 1
