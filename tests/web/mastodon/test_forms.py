"""Every form that was filled in wrongly: what was typed stays, the fault stands beside its field,
and the focus is led to it without a script.
"""

import pytest

from tests.mailbox import with_mail
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.filled_forms import FORMS, Elements, filled_in, places, sent
from tests.web.mastodon.members import browser_of
from web.app import build_app


@pytest.mark.parametrize("name", FORMS)
async def test_a_form_filled_in_wrongly_comes_back_as_it_was(site: Site, name: str) -> None:
    # A lost password is asked for where letters are sent; none is here.
    node = with_mail(site.node, "smtp://127.0.0.1:9")
    site = Site(node, build_app(node))
    form, known = FORMS[name], await places(site)
    browser = await browser_of(site, form.who) if form.who else site.client(language="fr")
    path, to, typed = filled_in(form, known)
    before = await browser.get(path)
    assert before.status == 200, before.text
    reply = await sent(browser, form, to, typed, before)
    assert 400 <= reply.status < 500, (reply.status, reply.text[:2_000])
    page = Elements(reply.text)
    titles = reply.text.partition("<title>")[2]
    assert titles.startswith("Erreur"), titles[:80]
    # The focus goes to what says what is wrong, or to the field, without a script.
    led = [given for _, given in page.found if "autofocus" in given]
    assert len(led) == 1, led
    assert led[0].get("role") == "alert" or led[0].get("aria-invalid") == "true", led
    wrong = [given for given in page.named(form.wrong) if given.get("aria-invalid") == "true"]
    assert len(wrong) == 1, (form.wrong, page.named(form.wrong))
    told = [page.texts.get(name, "") for name in wrong[0]["aria-describedby"].split()]
    assert all(told), (wrong, told)
    for stays in form.stays:
        assert typed[stays] in page.values(stays), (stays, page.values(stays))
    assert "<b>&amp;" not in reply.text.replace("&lt;b&gt;", "")
