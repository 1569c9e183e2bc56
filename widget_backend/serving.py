"""Serving: the socket that listens, and which proxy is believed about who asks."""

from __future__ import annotations

import errno
import logging
import socket
from typing import Any

import waitress

from widget_backend.errors import SettingInvalid

LARGEST_BODY = 4 * 1024 * 1024
"""Bytes that are read before the application may refuse them with a page that helps."""


def listen(
    app: Any,
    port: int,
    setting: str,
    host: str = "127.0.0.1",
    threads: int = 4,
    trusted_proxy: str = "",
) -> Any:
    """A server that listens already. Raises SettingInvalid when the port or host cannot be used.

    `trusted_proxy` is the address of the proxy whose X-Forwarded-For names who asks. Whatever
    anybody else says of that is taken out: a stranger could be a new network at every request.
    """
    # A queue is what threads are for; its length is no warning. Others would quote addresses.
    logging.getLogger("waitress").setLevel(logging.ERROR)
    return waitress.create_server(
        app,
        sockets=[_bound(host, port, setting)],
        threads=threads,
        max_request_body_size=LARGEST_BODY,
        ident=None,
        clear_untrusted_proxy_headers=True,
        **(_believing(trusted_proxy) if trusted_proxy else {}),
    )


def _believing(proxy: str) -> dict[str, Any]:
    """The last address in the header: the one that this proxy itself has seen."""
    return {
        "trusted_proxy": proxy,
        "trusted_proxy_headers": {"x-forwarded-for"},
        "trusted_proxy_count": 1,
    }


def _bound(host: str, port: int, setting: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        if error.errno in {errno.EADDRINUSE, errno.EACCES}:
            reason = f"port {port} cannot be used: {error.strerror}"
            raise SettingInvalid(setting, reason, f"choose another, as {setting}=8080") from error
        reason = f"cannot listen on {host}"
        raise SettingInvalid("WIDGET_HOST", reason, "name an address of this machine") from error
