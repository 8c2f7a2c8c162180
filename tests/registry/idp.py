"""A real OpenID provider on this machine (nanoidp), in a process of its own, and a browser for it."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, build_opener, urlopen

from django.test import Client
from django.urls import reverse
from joserfc.jwk import RSAKey

from registry.audit.models import Outcome, Verb
from registry.models import AuditEvent

BEGIN, OWN = reverse("oidc_begin"), reverse("mfa_index")
CLIENT_ID, SECRET = "kuntakorvaus", "only-for-tests"
ANSWER = "http://testserver/sign-in/oidc/answer/"
LAHTI, TURKU, UNKNOWN = "0149669-3", "0204819-8", "1234567-1"  # business ids
HIDDEN = re.compile(r'name="([^"]+)"[^>]*value="([^"]*)"')


@dataclass(frozen=True)
class Idp:
    """The provider: its address and the folder of its settings and keys."""

    issuer: str
    folder: Path

    def sign_in(self, address: str, username: str) -> str:
        """Sign in at an address as a browser does; the address one is led back to."""
        browser = build_opener(_Stay, HTTPCookieProcessor(CookieJar()))
        page = browser.open(address).read().decode()
        form = {**dict(HIDDEN.findall(page)), "username": username, "password": username}
        try:
            browser.open(address, urlencode(form).encode())
        except HTTPError as led:
            led.close()
            return led.headers["Location"]
        raise AssertionError("the provider leads nowhere")

    @property
    def key(self) -> RSAKey:
        """The key it signs with."""
        return RSAKey.import_key((self.folder / "keys" / "rsa_private.pem").read_bytes())

    @property
    def public_key(self) -> bytes:
        """The other half of the key, which everybody knows, as PEM."""
        return (self.folder / "keys" / "rsa_public.pem").read_bytes()


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_args: Any) -> None:
        return None


def asked(address: str) -> dict[str, str]:
    """The parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def organisation(business_id: str, *qualifiers: str) -> dict[str, Any]:
    return {"identifier": business_id, "roles": list(qualifiers)}


PEOPLE = {
    "aino": [
        organisation(LAHTI, "KOTO"),
        organisation(TURKU, "KOTO"),
        organisation(UNKNOWN, "KOTO"),
    ],
    "eino": [organisation(LAHTI, "OTHER")],
}


@contextmanager
def provider(folder: Path) -> Iterator[Idp]:
    """Start the provider, and stop it."""
    port = _free_port()
    idp = Idp(f"http://127.0.0.1:{port}", folder)
    _write(idp, port)
    command = [sys.executable, "-m", "nanoidp", "--config", str(folder), "--port", str(port)]
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(command, cwd=folder, stderr=log, stdout=log) as it,
    ):
        try:
            _wait(it, port)
            yield idp
        finally:
            it.terminate()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    """Until it answers, or has ended."""
    while process.poll() is None:
        try:
            urlopen(f"http://127.0.0.1:{port}/.well-known/openid-configuration").close()
        except OSError:
            continue
        return
    raise AssertionError("the provider did not start")


def _write(idp: Idp, port: int) -> None:
    """Its settings; JSON is YAML too."""
    users = {
        name: {
            "password": name,
            "attributes": {"given_name": name.title(), "organizations": organisations},
        }
        for name, organisations in PEOPLE.items()
    }
    client = {"client_id": CLIENT_ID, "client_secret": SECRET, "redirect_uris": [ANSWER]}
    oauth = {
        "issuer": idp.issuer,
        "audience": "elsewhere",
        "require_pkce": True,
        "clients": [client],
    }
    server = {"host": "127.0.0.1", "port": port}
    files = {
        "users": {"users": users},
        "settings": {"config_version": 1, "server": server, "oauth": oauth},
    }
    for name, content in files.items():
        (idp.folder / f"{name}.yaml").write_text(json.dumps(content))


# --- Between the service and the provider --------------------------------------------------------


def come_back(client: Client, idp: Idp, username: str = "aino", begin: str = BEGIN) -> str:
    """Begin here, sign in there; the address one is led back to."""
    return idp.sign_in(client.get(begin).url, username)


def answered(client: Client, idp: Idp, username: str = "aino", begin: str = BEGIN) -> Any:
    """The service's page for the answer of the provider."""
    return client.get(come_back(client, idp, username, begin))


def refused(client: Client, response: Any) -> str:
    """The reason in the log of an answer that was refused, with its page."""
    assert response.status_code == 403
    assert "Kirjautuminen ei onnistunut" in response.content.decode()
    assert client.get(OWN).status_code == 302
    event = AuditEvent.objects.get(verb=Verb.SIGNED_IN, outcome=Outcome.REFUSED)
    return str(event.details["reason"])
