"""Clients of a desk behind one proxy: each from a network of its own."""

from __future__ import annotations

from flask import Flask
from werkzeug.test import TestResponse

from tests.support.cast import PASSWORD
from tests.webapp.visitor import OWN, Visitor


class Client:
    """A browser at this address, which the trusted proxy names last."""

    def __init__(self, app: Flask, address: str = "198.51.100.1") -> None:
        self.visitor = Visitor(app)
        self.headers = {**OWN, "X-Forwarded-For": address}

    def sign_in(self, username: str = "rina", password: str = PASSWORD) -> TestResponse:
        return self.post("/login", username=username, password=password)

    def guess(self, username: str = "rina") -> int:
        return self.sign_in(username, "a wrong password").status_code

    def ask_for_link(self, username: str = "rina") -> TestResponse:
        return self.post("/login/link", username=username)

    def post(self, path: str, **form: str) -> TestResponse:
        return self.visitor.post(path, form, self.headers, base_url="https://desk.example.com")

    def cookie(self, name: str) -> str:
        found = self.visitor.client.get_cookie(name, "desk.example.com")
        return found.value if found else ""

    def set_cookie(self, name: str, value: str) -> None:
        self.visitor.client.set_cookie(name, value, domain="desk.example.com", secure=True)


def address(number: int) -> str:
    """One of many addresses in networks of their own."""
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
