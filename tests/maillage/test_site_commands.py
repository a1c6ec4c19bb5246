"""Commands for the life of a site: invitations, emojis, the record."""

from pathlib import Path

import pytest

from federation.database import Transaction
from federation.errors import Invalid
from federation.node import Node
from inbox.audit import record
from maillage import site_commands
from maillage.settings import Settings
from maillage.settings_file import SettingsError, read_settings

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


async def test_an_invitation_is_made_and_recorded(copy_of_template: Settings) -> None:
    code = await site_commands.make_invitation(copy_of_template, role="member", uses=2, days=3)
    assert len(code) >= 20
    lines, wrong = await site_commands.audit_lines(copy_of_template, 5)
    assert wrong is None
    assert lines[0].split("\t")[2:5] == ["maillage", "invitation.add", "member"]
    assert code not in lines[0]
    for values in ({"uses": 0, "days": 1}, {"uses": 1, "days": 0}, {"uses": 5_000, "days": 1}):
        with pytest.raises(Invalid):
            await site_commands.make_invitation(copy_of_template, role="member", **values)


async def test_emojis_are_offered_and_no_longer(copy_of_template: Settings) -> None:
    await site_commands.add_emoji(copy_of_template, "tilleul", PNG, "Jardin")
    assert await site_commands.list_emojis(copy_of_template) == ["tilleul"]
    await site_commands.remove_emoji(copy_of_template, "tilleul")
    assert await site_commands.list_emojis(copy_of_template) == []
    with pytest.raises(Invalid):
        await site_commands.remove_emoji(copy_of_template, "inconnu")


async def test_a_record_that_was_changed_is_said_to_be(
    node: Node, copy_of_template: Settings
) -> None:
    async def work(tx: Transaction) -> None:
        for number in range(3):
            await record(node, tx, "urn:staff", "account.none", f"urn:{number}")
        await tx.execute("UPDATE audit SET target = 'urn:9' WHERE number = 2")

    await node.db.write(work)
    lines, wrong = await site_commands.audit_lines(copy_of_template, 2)
    assert (len(lines), wrong) == (2, 2)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ('[registrations]\nmode = "open"', "registrations.mode"),
        ('[registrations]\nmode = "maybe"', "registrations.mode"),
        ('[instance]\nstatus_url = "nowhere"', "instance.status_url"),
        ('[instance]\ncontact_email = "nobody"', "instance.contact_email"),
    ],
)
def test_an_open_node_needs_mail_and_says_so(tmp_path: Path, more: str, sentence: str) -> None:
    settings = 'origin = "https://tilleuls.example"\nlanguage = "en"\n'
    (tmp_path / "maillage.toml").write_text(f"{settings}{more}\n")
    with pytest.raises(SettingsError, match=sentence):
        read_settings(tmp_path, {})
    mail = '[mail]\nurl = "smtp://127.0.0.1"\nsender = "m@tilleuls.example"\n'
    (tmp_path / "maillage.toml").write_text(f'{settings}[registrations]\nmode = "open"\n{mail}')
    assert read_settings(tmp_path, {}).options.registrations.mode == "open"
