"""The chat page's phones: opening the page, a person's first press."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.sandbox.robot import keyboard

DIMA, NOA, CHARLIE = 1001, 1002, 1003
MENU = keyboard([("Да", "yes"), ("Нет", "no")])
Open = Callable[..., Page]


def phone(page: Page, place: int = 0) -> Locator:
    return page.locator(".phone").nth(place)


def begin(page: Page, place: int = 0) -> None:
    phone(page, place).locator("footer .big").click()
    expect(phone(page, place).locator(".row.mine")).to_have_count(1)
