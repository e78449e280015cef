"""Which network addresses a stranger may lead us to: those of the public internet, and no others.

Sources: IANA's special-purpose registries for IPv4 and IPv6, RFC 6890 and what came after it, and
the addresses at which clouds answer their own machines. The list is written out rather than asked
of Python's `ipaddress`, whose answers change with its version.
"""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

# (name, port) -> the addresses it leads to. Raises `OSError` for a name that leads nowhere.
Resolver = Callable[[str, int], list[str]]

FORBIDDEN = (
    ("0.0.0.0/8", "this very host; Linux takes 0.0.0.0 for loopback"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "shared by the customers of a provider (CGNAT); Alibaba's metadata"),
    ("127.0.0.0/8", "loopback"),
    ("168.63.129.16/32", "Azure's host, which answers its own machines alone"),
    ("169.254.0.0/16", "link-local, with the metadata of most clouds at 169.254.169.254"),
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "protocol assignments; Oracle's old metadata"),
    ("192.0.2.0/24", "documentation"),
    ("192.88.99.0/24", "6to4 relays, which lead elsewhere"),
    ("192.168.0.0/16", "private"),
    ("198.18.0.0/15", "benchmarking, and what VPNs make up for names"),
    ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
    ("255.255.255.255/32", "broadcast"),
    ("::/128", "unspecified; taken for loopback"),
    ("::1/128", "loopback"),
    ("::/96", "IPv4-compatible: holds an IPv4 address"),
    ("::ffff:0:0/96", "IPv4-mapped: holds an IPv4 address, and the kernel goes there"),
    ("::ffff:0:0:0/96", "IPv4-translated: holds an IPv4 address"),
    ("64:ff9b::/96", "NAT64: holds an IPv4 address"),
    ("64:ff9b:1::/48", "NAT64 of one network: holds an IPv4 address"),
    ("100::/64", "discarded"),
    ("100:0:0:1::/64", "dummy prefix"),
    ("::/3", "the rest of the block that is given to nobody"),
    ("2001::/32", "Teredo: holds an IPv4 address"),
    ("2001::/23", "protocol assignments: benchmarking, ORCHID and others"),
    ("2001:db8::/32", "documentation"),
    ("2002::/16", "6to4: holds an IPv4 address"),
    ("3ffe::/16", "the old 6bone, given back"),
    ("3fff::/20", "documentation"),
    ("4000::/2", "given to nobody"),
    ("5f00::/16", "segment routing inside a network"),
    ("8000::/1", "given to nobody, but for the four below"),
    ("fc00::/7", "private (unique local), with Amazon's metadata at fd00:ec2::254"),
    ("fe80::/10", "link-local"),
    ("fec0::/10", "site-local"),
    ("ff00::/8", "multicast"),
)
_NETWORKS = tuple(ip_network(network) for network, _ in FORBIDDEN)
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)  # RFC 5214, under any prefix; an IPv4 address follows


def is_public(address: str | IPv4Address | IPv6Address) -> bool:
    """Whether a stranger may lead us to `address`. What can't be read as one is not public."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return not (_has_scope(found) or _is_isatap(found) or any(found in n for n in _NETWORKS))


def _has_scope(address: IPv4Address | IPv6Address) -> bool:
    return isinstance(address, IPv6Address) and address.scope_id is not None


def _is_isatap(address: IPv4Address | IPv6Address) -> bool:
    return address.version == 6 and (int(address) >> 32) & 0xFFFF_FFFF in _ISATAP
