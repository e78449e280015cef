"""Addresses that have led others into their own network, from advisories and cheat sheets.

`PORT` stands for a port on which a canary listens.
"""

from collections.abc import Iterator
from ipaddress import IPv4Address

INNER = ["127.0.0.1", "169.254.169.254", "10.0.0.1", "172.16.0.1", "192.168.0.1", "0.0.0.0"]
PORT = "PORT"

# Names whose owner, or whose hosts file, lets them lead inside.
NAMES = {
    "localhost": ["127.0.0.1", "::1"],
    "localhost.localdomain": ["127.0.0.1"],
    "ip6-localhost": ["::1"],
    "ip6-loopback": ["::1"],
    "metadata": ["169.254.169.254"],
    "metadata.google.internal": ["169.254.169.254"],
    "instance-data.ec2.internal": ["169.254.169.254"],
    "kubernetes.default.svc": ["10.96.0.1"],
    "host.docker.internal": ["192.168.65.2"],
    "intranet": ["10.0.0.7"],
    "printer.local": ["192.168.0.9"],
    "localtest.example": ["127.0.0.1"],
    "127.0.0.1.nip.example": ["127.0.0.1"],
    "7f000001.nip.example": ["127.0.0.1"],
    "169-254-169-254.sslip.example": ["169.254.169.254"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "compatible.example": ["::127.0.0.1"],
    "translated.example": ["::ffff:0:127.0.0.1"],
    "nat64.example": ["64:ff9b::a9fe:a9fe"],
    "nat64-of-one.example": ["64:ff9b:1::7f00:1"],
    "sixtofour.example": ["2002:7f00:1::"],
    "teredo.example": ["2001:0:0:0:0:0:80ff:fffe"],
    "isatap.example": ["2a00:1450::5efe:7f00:1"],
    "linklocal.example": ["fe80::1"],
    "scoped.example": ["fe80::1%lo"],
    "unique-local.example": ["fd00:ec2::254"],
    "sitelocal.example": ["fec0::1"],
    "multicast.example": ["224.0.0.1"],
    "broadcast.example": ["255.255.255.255"],
    "unspecified.example": ["::"],
    "shared.example": ["100.64.0.1"],
    "azure.example": ["168.63.129.16"],
    "mixed-last.example": ["93.184.216.34", "127.0.0.1"],
    "mixed-first.example": ["127.0.0.1", "93.184.216.34"],
    "mixed-families.example": ["93.184.216.34", "::1"],
    "mixed-late.example": [*["93.184.216.34"] * 40, "10.0.0.1"],
    "nonsense.example": ["not an address"],
    "empty.example": [],
    "xn--lcalhost-64a.example": ["127.0.0.1"],
    "under_score.example": ["127.0.0.1"],
    "xn--a.example": ["127.0.0.1"],
}

_WHOLE = [
    # what is no address, or another scheme
    "",
    "/",
    "//127.0.0.1/",
    "///127.0.0.1/",
    "127.0.0.1",
    "127.0.0.1:80",
    "localhost:80/x",
    "http:127.0.0.1",
    "http:/127.0.0.1",
    "http:///127.0.0.1/",
    "http:////127.0.0.1/",
    "http://",
    "http://:80/",
    "http://?127.0.0.1",
    "http://#127.0.0.1",
    "file:///etc/passwd",
    "file://127.0.0.1/etc/passwd",
    "gopher://127.0.0.1:6379/_INFO",
    "dict://127.0.0.1:6379/info",
    "ftp://127.0.0.1/",
    "ldap://127.0.0.1/",
    "tftp://127.0.0.1/x",
    "ws://127.0.0.1/",
    "wss://127.0.0.1/",
    "jar:http://127.0.0.1!/",
    "url:http://127.0.0.1/",
    "view-source:http://127.0.0.1/",
    "unix:///var/run/docker.sock",
    "http+unix://%2Fvar%2Frun%2Fdocker.sock/info",
    "data:text/plain,127.0.0.1",
    "javascript:alert(1)",
    "netdoc:///etc/passwd",
    "phar://127.0.0.1/x",
    "https//127.0.0.1/",
    "hxxp://127.0.0.1/",
    "0://127.0.0.1/",
    # letters of both sizes
    "HTTP://127.0.0.1/",
    "hTTps://127.0.0.1/",
    "HtTpS://LOCALHOST/",
    "http://LoCaLhOsT/",
    "http://METADATA.GOOGLE.INTERNAL/",
    # userinfo, and what looks like it
    "http://good.example@127.0.0.1/",
    "http://good.example:80@127.0.0.1/",
    "http://user:secret@127.0.0.1/",
    "http://:@127.0.0.1/",
    "http://@127.0.0.1/",
    "http://@@127.0.0.1/",
    "http://good.example%40127.0.0.1/",
    "http://good.example@@127.0.0.1/",
    "http://127.0.0.1@good.example@127.0.0.1/",
    "http://good.example%00@127.0.0.1/",
    "http://good.example%2f@127.0.0.1/",
    "http://127.0.0.1#@good.example@localhost/",
    "http://127.0.0.1#@localhost/",
    "http://127.0.0.1?@good.example/",
    "http://127.0.0.1/@good.example",
    "http://127.0.0.1;@good.example/",
    "http://127.0.0.1:80@good.example/",
    "http://127.0.0.1:PORT@good.example/",
    "http://a:b@good.example/",
    "https://token@good.example/",
    # backslashes, controls, blanks
    "http://127.0.0.1\\@good.example/",
    "http://good.example\\@127.0.0.1/",
    "http:\\\\127.0.0.1\\",
    "http:/\\127.0.0.1/",
    "http://127.0.0.1\\.good.example/",
    "http://good.example\\.127.0.0.1/",
    " http://127.0.0.1/",
    "http://127.0.0.1/ ",
    "http:// 127.0.0.1/",
    "http://127.0.0.1 .good.example/",
    "http://good.example 127.0.0.1/",
    "http://127.0.0.1\t/",
    "ht\ntp://127.0.0.1/",
    "http://127.0.\r\n0.1/",
    "http://127.0.0.1\r\nHost: good.example/",
    "http://good.example\r\nHost:127.0.0.1/",
    "http://127.0.0.1\x00.good.example/",
    "http://good.example\x00@127.0.0.1/",
    "http://127.0.0.1\x0b/",
    "http://127.0.0.1\x7f/",
    "http://127.0.0.1\x85/",
    "http://127.0.0.1\u00a0/",
    "http://127.0.0.1\u2028/",
    "http://127.0.0.1\u3000/",
    "http://127.0.0.1\ufeff/",
    "http://local\u00adhost/",
    "http://local\u200bhost/",
    "http://local\u200dhost/",
    "http://\u202e1.0.0.721/",
    "http://\ud800127.0.0.1/",
    # percent-encodings
    "http://127.0.0.%31/",
    "http://%31%32%37%2e%30%2e%30%2e%31/",
    "http://127%2e0%2e0%2e1/",
    "http://%6cocalhost/",
    "http://localhost%00/",
    "http://localhost%23/",
    "http://localhost%2f.good.example/",
    "http://127.0.0.1%20/",
    "http://127.0.0.1%0d%0a/",
    "http://%5b::1%5d/",
    "http://%256cocalhost/",
    "http://%e3%80%82/",
    "http%3a//127.0.0.1/",
    "http://127.0.0.1%3a80/",
    # ports
    "http://127.0.0.1:PORT/",
    "https://127.0.0.1:PORT/",
    "http://localhost:PORT/",
    "http://[::1]:PORT/",
    "http://good.example:PORT/",
    "http://good.example:22/",
    "https://good.example:6379/",
    "https://good.example:8443/",
    "http://good.example:0/",
    "http://good.example:65536/",
    "http://good.example:65616/",
    "http://good.example:-80/",
    "http://good.example:80:PORT/",
    "http://good.example:80a/",
    "http://good.example:0x50/",
    "http://127.0.0.1:/",
    "http://127.0.0.1:080/",
    "http://127.0.0.1:443/",
    "https://127.0.0.1:80/",
    "http://127.0.0.1:\uff18\uff10/",
    "http://good.example:" + "9" * 5000 + "/",
    # IPv6 that leads inside
    "http://[::1]/",
    "https://[::1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[0000:0000:0000:0000:0000:0000:0000:0001]/",
    "http://[::0001]/",
    "http://[::]/",
    "http://[0::0]/",
    "http://[::%31]/",
    "http://[::1%25lo]/",
    "http://[::1%lo]/",
    "http://[fe80::1%25eth0]/",
    "http://[fe80::1]/",
    "http://[febf::1]/",
    "http://[fec0::1]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/",
    "http://[FD00:EC2::254]/",
    "http://[fd20:ce::254]/",
    "http://[ff02::1]/",
    "http://[ff0e::1]/",
    "http://[2001:db8::1]/",
    "http://[2001:10::1]/",
    "http://[2001:2::1]/",
    "http://[3fff::1]/",
    "http://[100::1]/",
    "http://[200::1]/",
    "http://[4000::1]/",
    "http://[::ffff:127.1]/",
    "http://[::ffff:0x7f.0.0.1]/",
    "http://[::ffff:127.0.0.1%25lo]/",
    "http://[::127.0.0.1",
    "http://::1/",
    "http://::1:80/",
    "http://[::1]good.example/",
    "http://[::1]80/",
    "http://[[::1]]/",
    "http://[::1].good.example/",
    "http://good.example[::1]/",
    "http://[good.example]/",
    "http://[127.0.0.1]/",
    "http://[v1.127.0.0.1]/",
    "http://[]/",
    # names that are none
    "http://.127.0.0.1/",
    "http://127..0.0.1/",
    "http://127.0.0.1../",
    "http://localhost./",
    "http://.localhost/",
    "http://-/",
    "http://*/",
    "http://127.0.0.1,good.example/",
    "http://127.0.0.1&good.example/",
    "http://good.example|127.0.0.1/",
    "http://$(hostname)/",
    "http://{127.0.0.1}/",
    "http://<127.0.0.1>/",
    "http://" + "a" * 64 + ".example/",
    "http://" + "a." * 130 + "example/",
    "http://xn--/",
    "http://xn--a\u00df.example/",
    "http://nobody-has-this.example/",
    # letters and digits of other alphabets
    "http://\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3/",
    "http://\uff4c\uff4f\uff43\uff41\uff4c\uff48\uff4f\uff53\uff54/",
    "http://localho\u017ft/",
    "http://\u2113ocalhost/",
    "http://\u06f1\u06f2\u06f7.0.0.1/",
    "http://\u0967\u0968\u096d.0.0.1/",
    "http://127\uff0e1/",
    "http://0x7f\u30021/",
    "http://good.example\uff0f@127.0.0.1/",
    "http://good.example\uff20127.0.0.1/",
    "http://127.0.0.1\u2044good.example/",
    "http://127.0.0.1\u2100.good.example/",
    "http://127.0.0.1\uff1a80/",
    "http://127.0.0.1\uff03.good.example/",
    # clouds and other neighbours
    "http://100.100.100.200/latest/meta-data/",
    "http://168.63.129.16/machine?comp=goalstate",
    "http://192.0.0.192/latest/",
    "http://169.254.170.2/v2/credentials/",
    "http://169.254.169.253/",
    "http://100.64.0.1/",
    "http://198.18.0.1/",
    "http://203.0.113.1/",
    "http://192.88.99.1/",
    "http://224.0.0.251/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://127.127.127.127/",
    "http://127.255.255.254/",
    "http://0.0.0.1/",
    "http://172.31.255.255/",
    "http://1.0.0.127.in-addr.arpa@127.0.0.1/",
]


def _forms_of(inner: str) -> Iterator[str]:
    """The spellings of one IPv4 address as a host."""
    a, b, c, d = IPv4Address(inner).packed
    number = int(IPv4Address(inner))
    yield inner
    yield f"{inner}."
    yield f"{number}"
    yield f"{number + 2**32}"
    yield f"0{number:o}"
    yield f"0x{number:x}"
    yield f"0X{number:08X}"
    yield f"{a}.{number & 0xFFFFFF}"
    yield f"{a}.{b}.{c << 8 | d}"
    yield f"0{a:o}.0{b:o}.0{c:o}.0{d:o}"
    yield f"000{a:o}.000{b:o}.000{c:o}.000{d:o}"
    yield f"{a:03}.{b:03}.{c:03}.{d:03}"
    yield f"0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}"
    yield f"0x{a:x}.{b}.0{c:o}.{d}"
    yield f"{a}.0x{b << 16 | c << 8 | d:x}"
    yield f"{a + 256}.{b}.{c}.{d}"
    yield "\u3002".join(map(str, (a, b, c, d)))
    yield "\uff0e".join(map(str, (a, b, c, d)))
    yield "\uff61".join(map(str, (a, b, c, d)))
    yield inner.translate({ord("0") + n: 0xFF10 + n for n in range(10)})
    yield inner.translate({ord("0"): 0x24EA} | {ord("0") + n: 0x245F + n for n in range(1, 10)})
    yield inner.translate({ord("0") + n: 0x1D7CE + n for n in range(10)})
    yield inner.replace(".", "%2e")
    yield "".join(f"%{byte:02x}" for byte in inner.encode())
    yield f"[::{inner}]"
    yield f"[::ffff:{inner}]"
    yield f"[::FFFF:{a:02x}{b:02x}:{c:02x}{d:02x}]"
    yield f"[0:0:0:0:0:ffff:{a:02x}{b:02x}:{c:02x}{d:02x}]"
    yield f"[::ffff:0:{inner}]"
    yield f"[64:ff9b::{inner}]"
    yield f"[64:ff9b:1::{inner}]"
    yield f"[64:ff9b:1:{a:02x}{b:02x}:{c:02x}{d:02x}::]"
    yield f"[2002:{a:02x}{b:02x}:{c:02x}{d:02x}::1]"
    yield f"[2001:0:4136:e378:8000:63bf:{a ^ 255:02x}{b ^ 255:02x}:{c ^ 255:02x}{d ^ 255:02x}]"
    yield f"[2a00:1450::5efe:{inner}]"
    yield f"[fe80::5efe:{inner}]"


def _all() -> Iterator[str]:
    yield from _WHOLE
    for name in NAMES:
        yield f"https://{name}/photo.jpg"
    for inner in INNER:
        for form in _forms_of(inner):
            yield f"http://{form}/"


TRICKY = list(dict.fromkeys(_all()))
