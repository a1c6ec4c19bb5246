"""A person's browser for client tests: it fills the forms it is shown, without a screen."""

import html
import re

import aiohttp

PASSWORD = "une phrase de passe longue"


class Browser:
    """Signs in and consents for one person who uses one client."""

    def __init__(self, name: str, client: str) -> None:
        self.name = name
        self.client = client

    async def code(self, url: str) -> str:
        """Do what a client asks a person to do, and return the code shown at the end."""
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar) as session:
            sign_in = await self._open(session, url)
            sent = {"login": self.name, "password": PASSWORD}
            consent = await self._send(session, sign_in, sent)
            assert self.client in consent[1]
            page = await self._send(session, consent, {"decision": "allow"})
        code = re.search(r"<textarea[^>]*>([^<]+)</textarea>", page[1])
        assert code is not None, page[1]
        return code[1]

    async def _open(self, session: aiohttp.ClientSession, url: str) -> tuple[str, str]:
        async with session.get(url) as answer:
            assert answer.status == 200, await answer.text()
            return str(answer.url), await answer.text()

    async def _send(
        self, session: aiohttp.ClientSession, page: tuple[str, str], fields: dict[str, str]
    ) -> tuple[str, str]:
        address, text = page
        form = text.partition("<form")[2].partition("</form>")[0]
        hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
        action = re.search(r'action="([^"]*)"', form)
        assert action is not None
        url = address.partition("://")[0] + "://" + address.split("/")[2] + html.unescape(action[1])
        sent = {name: html.unescape(value) for name, value in hidden} | fields
        headers = {"Origin": url.rpartition("://")[0] + "://" + url.split("/")[2]}
        async with session.post(url, data=sent, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            return str(answer.url), await answer.text()
