"""A signed-in browser: real requests to the running site."""

from __future__ import annotations

from http.client import HTTPConnection
from threading import Barrier, Thread
from urllib.parse import urlencode

from django.test import Client

from registry.models import User
from tests.chaos.house import House

TOKEN = "t" * 32


class Browser:
    """One person's browser."""

    def __init__(self, house: House, user: User) -> None:
        client = Client()
        client.force_login(user)
        self.session = client.cookies["sessionid"].value
        self.port = house.web_port

    def post(self, address: str, **fields: object) -> int:
        """Press a button; return the answer's status."""
        site = HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {
            "Cookie": f"sessionid={self.session}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        site.request("POST", address, urlencode(fields), headers)
        status = site.getresponse().status
        site.close()
        return status


def press_at_once(*buttons: tuple[Browser, str, dict[str, object]]) -> list[int]:
    """Have several browsers press at the same moment; return the statuses of the answers."""
    together, answers = Barrier(len(buttons)), list[int]()

    def press(browser: Browser, address: str, fields: dict[str, object]) -> None:
        together.wait()
        answers.append(browser.post(address, **fields))

    threads = [Thread(target=press, args=button) for button in buttons]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
