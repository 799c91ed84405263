"""A person at their browser, played: walks PSC's pages over HTTPS and comes back to the program's loopback."""

from __future__ import annotations

import logging
import ssl
import threading
from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx

log = logging.getLogger(__name__)
MOST_STEPS = 12


class _Form(HTMLParser):
    """The first form of a page: where it goes, and its hidden fields."""

    def __init__(self) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form" and self.action is None:
            self.action = found.get("action", "")
        elif tag == "input" and found.get("type") == "hidden":
            self.fields[found.get("name", "")] = found.get("value", "")


class StandInBrowser:
    """Called with a URL like `webbrowser.open`; the walk runs on a thread of its own, one at a time.

    `choose()` gives the national id of who signs in, or an empty string to cancel.
    """

    def __init__(self, context: ssl.SSLContext, hosts: dict[str, str], choose: Callable[[], str]) -> None:
        self._context = context
        self._hosts = hosts
        self._choose = choose
        self._thread: threading.Thread | None = None

    def __call__(self, url: str) -> bool:
        self._thread = threading.Thread(target=self._guarded, args=(url,), name="stage-browser", daemon=True)
        self._thread.start()
        return True

    def join(self, timeout_s: float = 10.0) -> None:
        """Wait for the walk to end."""
        if self._thread is not None:
            self._thread.join(timeout_s)

    def _guarded(self, url: str) -> None:
        try:
            self.walk(url)
        except (httpx.HTTPError, OSError, ValueError) as error:
            log.info("the walk ended: %s", type(error).__name__)

    def walk(self, url: str) -> int:
        """From the relay's start page to the loopback; the status of the last page."""
        with httpx.Client(verify=self._context, trust_env=False, timeout=10.0) as plain:
            cookies: dict[str, dict[str, str]] = {}
            response = self._ask(plain, cookies, "GET", url)
            for _ in range(MOST_STEPS):
                if response.is_redirect:
                    url = urljoin(url, response.headers["location"])
                    response = self._ask(plain, cookies, "GET", url)
                    continue
                form = _Form()
                form.feed(response.text)
                if form.action is None:
                    break
                chosen = self._choose()
                answer = {"person": chosen} if chosen else {"cancel": "1"}
                url = urljoin(url, form.action)
                response = self._ask(plain, cookies, "POST", url, {**form.fields, **answer})
            return response.status_code

    def _ask(
        self,
        client: httpx.Client,
        cookies: dict[str, dict[str, str]],
        method: str,
        url: str,
        form: dict[str, str] | None = None,
    ) -> httpx.Response:
        """One request to a host of this world by its name, with that host's cookies."""
        split = urlsplit(url)
        host = split.hostname or ""
        address = self._hosts.get(host, host)
        jar = cookies.setdefault(split.netloc, {})
        headers = {"Host": split.netloc}
        if jar:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in jar.items())
        response = client.request(
            method,
            split._replace(netloc=f"{address}:{split.port}" if split.port else address).geturl(),
            headers=headers,
            data=form,
            extensions={"sni_hostname": host},
        )
        for line in response.headers.get_list("set-cookie"):
            name, _, rest = line.partition("=")
            jar[name.strip()] = rest.partition(";")[0]
        client.cookies.clear()
        return response
