"""Compression: what a phone waits for, as small as its browser can unpack (RFC 9110, 8.4)."""

from __future__ import annotations

import gzip
from functools import lru_cache
from typing import Literal

import brotli
from flask import Response, request
from werkzeug.http import parse_accept_header

Coding = Literal["br", "gzip"]

FOR_GOOD = 11
"""Brotli's best, which takes some forty times as long: for what is packed once."""
AT_ONCE = 7
"""Brotli's level that packs better than gzip's best in the time of gzip's usual."""


def accepted_coding() -> Coding | None:
    """The coding that the browser likes best, if any. Browsers accept brotli over https only."""
    return _best_coding(request.headers.get("Accept-Encoding", ""))


@lru_cache(maxsize=64)
def _best_coding(accepted: str) -> Coding | None:
    wanted = parse_accept_header(accepted)
    codings: tuple[Coding, ...] = ("br", "gzip")
    best = max(codings, key=lambda each: float(wanted[each]))  # of equals the first
    return best if wanted[best] > 0 else None


@lru_cache(maxsize=64)
def packed_for_good(content: bytes, coding: Coding) -> bytes:
    """`content` packed once for all requests: the same bytes at every start."""
    if coding == "br":
        return bytes(brotli.compress(content, quality=FOR_GOOD))
    return gzip.compress(content, 9, mtime=0)


def packed_at_once(content: bytes, coding: Coding) -> bytes:
    """`content` packed for this one request."""
    if coding == "br":
        return bytes(brotli.compress(content, quality=AT_ONCE, lgwin=16))
    return gzip.compress(content, 6)


def say_coding(response: Response, coding: Coding | None) -> None:
    """Name the coding, and that another browser would get another one."""
    if coding:
        response.headers["Content-Encoding"] = coding
    response.vary.add("Accept-Encoding")
