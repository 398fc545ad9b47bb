"""A small name server on loopback, spoken to over UDP as any other: what it says, the test decides."""

import socket
import threading

import dns.flags
import dns.message
import dns.rcode
import dns.rrset


class NameServer:
    """`records[(name, kind)]` are the values of a name; names without any do not exist. `silent` answers nothing."""

    def __init__(self):
        self.records, self.silent, self.rcode, self.asked = {}, False, None, []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def set(self, name, kind, *values):
        self.records[name, kind] = values

    def forget(self, name, kind):
        self.records.pop((name, kind), None)

    def close(self):
        # An empty datagram to ourselves wakes the thread, which would wait for ever on a closed socket.
        self._closing = True
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wake:
            wake.sendto(b"", self._socket.getsockname())
        self._thread.join(timeout=20)
        self._socket.close()

    _closing = False

    def _serve(self):
        while True:
            data, sender = self._socket.recvfrom(4096)
            if self._closing:
                return
            if not self.silent:
                self._socket.sendto(self._answer(dns.message.from_wire(data)).to_wire(), sender)

    def _answer(self, query):
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True), question.rdtype.name
        self.asked.append((name, kind))
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        if self.rcode:
            answer.set_rcode(dns.rcode.from_text(self.rcode))
            return answer
        while ("CNAME" in self._kinds(name)) and kind != "CNAME":
            (target,) = self.records[name, "CNAME"]
            answer.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "CNAME", f"{target}."))
            name = target
        if (name, kind) in self.records:
            values = [f'"{value}"' if kind == "TXT" else value for value in self.records[name, kind]]
            answer.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", kind, *values))
        elif not self._kinds(name) and not answer.answer:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer

    def _kinds(self, name):
        return {kind for known, kind in self.records if known == name}
