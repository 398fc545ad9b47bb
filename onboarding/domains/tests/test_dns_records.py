"""Asked over the wire: what there is, what there is not, and what is not known."""

import pytest

from tenants import dns_records


def test_texts_are_read_whole(name_server):
    name_server.set("_proof.rosa.example", "TXT", "one", "two words")

    assert dns_records.texts("_proof.rosa.example") == {"one", "two words"}


def test_a_name_leads_over_other_names_to_addresses(name_server):
    name_server.set("book.rosa.example", "CNAME", "rosa.salons.test")
    name_server.set("rosa.salons.test", "A", "192.0.2.10")
    name_server.set("rosa.salons.test", "AAAA", "2001:db8::10")

    found = dns_records.leads_of("book.rosa.example")

    assert (found.names, found.addresses) == ({"rosa.salons.test"}, {"192.0.2.10", "2001:db8::10"})


def test_what_is_not_there_is_nothing(name_server):
    name_server.set("rosa.example", "A", "192.0.2.10")

    assert dns_records.texts("rosa.example") == dns_records.texts("nowhere.example") == frozenset()
    assert dns_records.leads_of("nowhere.example").addresses == frozenset()


@pytest.mark.parametrize("failure", ["SERVFAIL", "REFUSED"])
def test_a_failing_server_is_not_an_answer(name_server, failure):
    name_server.rcode = failure

    with pytest.raises(dns_records.Unreachable):
        dns_records.texts("rosa.example")


def test_a_silent_server_is_given_up_on(name_server, monkeypatch):
    monkeypatch.setattr(dns_records, "PATIENCE_SECONDS", 0.3)
    name_server.silent = True

    with pytest.raises(dns_records.Unreachable):
        dns_records.leads_of("rosa.example")


@pytest.mark.parametrize(
    ("text", "address", "port"),
    [
        ("192.0.2.1", "192.0.2.1", 53),
        ("192.0.2.1:5353", "192.0.2.1", 5353),
        ("2001:db8::1", "2001:db8::1", 53),
        ("[2001:db8::1]", "2001:db8::1", 53),
        ("[2001:db8::1]:5353", "2001:db8::1", 5353),
    ],
)
def test_servers_are_named_by_address_and_port(text, address, port):
    server = dns_records._server(text)

    assert (server.address, server.port) == (address, port)
