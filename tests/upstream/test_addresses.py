"""Which addresses a stranger may lead us to."""

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from avatars.upstream.addresses import FORBIDDEN, is_public

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "93.184.216.34",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "168.63.129.15",
    "168.63.129.17",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.0.3.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2001:200::1",
    "2001:4860:4860::8888",
    "2003::1",
    "2606:4700:4700::1111",
    "2a00:1450:4001:80b::200e",
]
FORBIDDEN_BY_NAME = [
    "127.0.0.1",
    "10.1.2.3",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "169.254.170.2",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "0.0.0.0",
    "255.255.255.255",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "240.0.0.1",
    "224.0.0.251",
    "::",
    "::1",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:10.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b::808:808",
    "64:ff9b:1::7f00:1",
    "64:ff9b:1:abcd::a00:1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
    "2001:db8::1",
    "2001:2::1",
    "2001:1ff:ffff::1",
    "3ffe::1",
    "3fff::1",
    "4000::1",
    "8000::1",
    "e000::1",
    "fd00:ec2::254",
    "fd20:ce::254",
    "fe80::1",
    "fe80::a9fe:a9fe",
    "fec0::1",
    "ff02::1",
    "100::1",
    "200::1",
    "5f00::1",
    "2a00:1450::5efe:127.0.0.1",
    "2a00:1450::200:5efe:10.0.0.1",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_the_public_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", FORBIDDEN_BY_NAME)
def test_what_is_not_the_public_internet_is_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(("network", "reason"), FORBIDDEN)
def test_each_forbidden_network_is_forbidden_from_end_to_end(network: str, reason: str) -> None:
    whole = ip_network(network)
    assert reason
    assert not is_public(whole[0])
    assert not is_public(whole[-1])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "localhost",
        "127.1",
        "0x7f.0.0.1",
        "010.8.8.8",
        "8.8.8.8 ",
        "8.8.8",
        "[2003::1]",
        "8.8.8.8/32",
    ],
)
def test_what_is_no_address_is_not_public(text: str) -> None:
    assert not is_public(text)


def test_an_address_of_one_interface_is_not_public() -> None:
    assert is_public("2003::1")
    assert not is_public("2003::1%eth0")


@given(st.ip_addresses())
@example(IPv4Address("192.88.99.1"))
def test_what_python_does_not_think_global_is_not_public(
    address: IPv4Address | IPv6Address,
) -> None:
    assert not is_public(address) or (address.is_global and not address.is_multicast)


@given(st.ip_addresses(v=6))
def test_only_the_block_that_is_given_out_holds_public_ipv6(address: IPv6Address) -> None:
    assert not is_public(address) or int(address) >> 125 == 0b001


@given(st.ip_addresses(v=4))
def test_no_ipv6_that_holds_an_ipv4_is_public(inner: IPv4Address) -> None:
    number = int(inner)
    for prefix, shift in [
        ("::", 0),
        ("::ffff:0:0", 0),
        ("::ffff:0:0:0", 0),
        ("64:ff9b::", 0),
        ("64:ff9b:1::", 0),
        ("2002::", 80),
        ("2001::", 0),
        ("2a00:1450::5efe:0:0", 0),
    ]:
        assert not is_public(IPv6Address(int(IPv6Address(prefix)) | number << shift))
