"""A person's browser on the pages of members: signs in, presses buttons, reads."""

import html
import re

from tests.web.mastodon.asgi import Client, Reply
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.oauth_flow import sign_in

BOUNDARY = "the-boundary-of-the-form"


async def browser_of(site: Site, name: str, language: str = "fr") -> Client:
    """A browser in which this person is signed in."""
    browser = site.client(language=language)
    assert (await sign_in(browser, name=name)).status == 303
    return browser


def token_of(page: Reply) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', page.text)
    assert found is not None, page.text
    return found[1]


async def press(browser: Client, path: str, do: str, **fields: str) -> Reply:
    """Press the button of this value on the page, which must have it."""
    page = await browser.get(path)
    assert f'value="{do}"' in html.unescape(page.text), (do, page.text)
    form = {"form_token": token_of(page), "back": path, "do": do, **fields}
    return await browser.post("/act", form=form)


async def send(browser: Client, path: str = "/write", **fields: str) -> Reply:
    """Fill in the form of the page and send it as browsers do."""
    page = await browser.get(path)
    form = page.text.partition('action="/write"')[2].partition("</form>")[0]
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    filled = {name: html.unescape(value) for name, value in hidden.items()}
    return await post_form(browser, filled | {"do": "publish"} | fields)


async def post_form(
    browser: Client,
    fields: dict[str, str],
    file: tuple[str, bytes] | None = None,
    to: str = "/write",
) -> Reply:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    if file is not None:
        head = f'form-data; name="file"; filename="{file[0]}"'
        parts.append(f"--{BOUNDARY}\r\nContent-Disposition: {head}\r\n\r\n".encode() + file[1])
        parts.append(b"\r\n")
    body = b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
    headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    return await browser.ask("POST", to, body=body, headers=headers)
