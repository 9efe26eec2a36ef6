"""HTTP/1.1 as RFC 9112 writes it, byte by byte."""

from __future__ import annotations

import json

import pytest

from tests.api.conftest import Served, said_to

HOST = b"Host: city.example\r\n"


def heard(served: Served, raw: bytes) -> tuple[bytes, bytes]:
    """Send bytes; return head and body of what was answered until the other end closed."""
    head, _, body = said_to(served, raw).partition(b"\r\n\r\n")
    return head, body


@pytest.mark.parametrize("target", [b"http://town.example", b"http://town.example:81/", b"http://town.example/?f=json"])
def test_an_address_with_its_host_is_a_target_too(served: Served, target: bytes):
    head, body = heard(served, b"GET " + target + b" HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert body


def test_the_host_of_the_target_counts_and_not_that_of_the_header(served: Served):
    target = b"http://town.example:81/collections/ward?f=json"
    _, body = heard(served, b"GET " + target + b" HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
    links = [link["href"] for link in json.loads(body)["links"]]
    assert links
    assert all(link.startswith("http://town.example:81/") for link in links if link.startswith("http"))


@pytest.mark.parametrize(
    "raw",
    [
        b"GET http://[bad HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET http://a:99999999/ HTTP/1.1\r\n" + HOST + b"\r\n",
        b"CONNECT a:80 HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET ftp://a/b HTTP/1.1\r\n" + HOST + b"\r\n",
        b"POST /collections HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"POST /collections HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\n",
        b"POST /collections HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: xchunked\r\n\r\n",
    ],
)
def test_a_request_that_cannot_be_read_is_answered_with_400(served: Served, raw: bytes):
    head, body = heard(served, raw)
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"connection: close" in head.lower()
    assert json.loads(body)["detail"].startswith("What was sent is no HTTP/1.1")


@pytest.mark.parametrize("hosts", [b"", HOST + HOST, b"Host: a b\r\n", b"Host: a/<b>\r\n"])
def test_a_request_names_one_host(served: Served, hosts: bytes):
    for path in (b"/collections", b"/tiles/parcel/14/13117/7450.mvt"):
        head, body = heard(served, b"GET " + path + b" HTTP/1.1\r\n" + hosts + b"\r\n")
        assert head.startswith(b"HTTP/1.1 400 ")
        assert "one header Host" in json.loads(body)["detail"]


def test_a_refusal_on_the_wire_carries_what_every_answer_carries(served: Served):
    head, _ = heard(served, b"GET /collections HTTP/1.1\r\n\r\n")
    names = {line.partition(b":")[0].lower() for line in head.split(b"\r\n")[1:]}
    assert {b"date", b"access-control-allow-origin", b"content-length", b"cache-control"} <= names


@pytest.mark.parametrize("path", [b"/collections/ward?f=json", b"/tiles/parcel/14/13117/7450.mvt"])
def test_what_cannot_be_read_leaves_the_answer_before_it_whole(served: Served, path: bytes):
    good = b"GET " + path + b" HTTP/1.1\r\n" + HOST
    _, alone = heard(served, good + b"Connection: close\r\n\r\n")
    head, body = heard(served, good + b"\r\nnonsense\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert body == alone


@pytest.mark.parametrize("path", [b"/collections/ward/items?f=csv", b"/collections/ward/items?f=jsonseq"])
def test_an_answer_of_untold_length_to_http_1_0_ends_with_the_connection(served: Served, path: bytes):
    old, plain = heard(served, b"GET " + path + b" HTTP/1.0\r\n\r\n")
    assert old.startswith(b"HTTP/1.1 200 ")
    assert b"transfer-encoding" not in old.lower()
    new, chunked = heard(served, b"GET " + path + b" HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
    assert b"transfer-encoding: chunked" in new.lower()
    size, _, rest = chunked.partition(b"\r\n")
    first = int(size, 16)
    assert plain.startswith(rest[:first])
    assert "Sơn Trà".encode() in plain


def test_an_answer_of_told_length_to_http_1_0_is_whole(served: Served):
    head, body = heard(served, b"GET /collections/ward?f=json HTTP/1.0\r\n\r\n")
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    assert int(length.partition(b":")[2]) == len(body)
    assert json.loads(body)["id"] == "ward"
