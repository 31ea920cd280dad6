"""E-mail addresses as headers and the wire carry them: domains of other letters as DNS knows them."""

from __future__ import annotations


def ascii_address(address: str) -> str:
    """The address with its domain as DNS knows it."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode('ascii')}" if not domain.isascii() else address


def travelling_address(address: str) -> str:
    """The address as the wire carries it: a domain of other letters as DNS knows it, where the local part is ASCII."""
    local, _, domain = address.rpartition("@")
    if address.isascii() or not local.isascii():
        return address
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return address
