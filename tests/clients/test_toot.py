"""The unmodified `toot` command between two nodes: from login to delete."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from actors.local import create_account
from tests.clients.browser import PASSWORD, Browser
from tests.serving import Running, eventually

TOOT = Path(sys.executable).with_name("toot")
PATIENCE_S = 60


@dataclass
class Toot:
    """One person at her command line, with a configuration of her own."""

    running: Running
    name: str
    home: Path

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        # A screen on which a whole page fits: beyond that toot waits for a key.
        kept |= {"LINES": "1000", "COLUMNS": "100"}
        return kept | {"HOME": str(self.home), "XDG_CONFIG_HOME": str(self.home / "config")}

    async def _start(self, *words: str) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        return await asyncio.create_subprocess_exec(
            TOOT, *words, stdin=pipe, stdout=pipe, stderr=pipe, env=self._environment()
        )

    async def login(self) -> None:
        process = await self._start("login", "--instance", self.running.origin)
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"n\n")
        url = ""
        async with asyncio.timeout(PATIENCE_S):
            while not url.startswith(self.running.origin):
                line = await process.stdout.readline()
                assert line, "toot ended before it gave an address"
                url = line.decode().strip()
            code = await Browser(self.name, "toot").code(url)
            out, err = await process.communicate(f"{code}\n".encode())
        assert process.returncode == 0, out + err

    async def run(self, *words: str) -> str:
        """What a command prints; it must succeed."""
        process = await self._start(*words)
        async with asyncio.timeout(PATIENCE_S):
            out, err = await process.communicate(b"y\n")
        assert process.returncode == 0, (words, out, err)
        return out.decode()

    async def read(self, *words: str) -> Any:
        """What a command prints as JSON."""
        return json.loads(await self.run(*words, "--json"))


async def person(running: Running, name: str, folder: Path) -> Toot:
    await create_account(running.node, username=name, password=PASSWORD, locale="fr")
    home = folder / name
    home.mkdir()
    return Toot(running, name, home)


async def shows(toot: Toot, text: str) -> Any:
    async def look() -> bool:
        return text in await toot.run("timelines", "home")

    return await eventually(look, PATIENCE_S)


async def id_in_home(running: Running, toot: Toot, text: str) -> str:
    """The id that a status of the other node has here."""
    found = await running.node.db.row(
        "SELECT id FROM status WHERE content_html LIKE ? ORDER BY id DESC", f"%{text}%"
    )
    assert found is not None
    assert (await toot.read("status", str(found["id"])))["id"] == str(found["id"])
    return str(found["id"])


async def test_a_journey_with_toot_between_two_nodes(
    two_nodes: tuple[Running, Running], tmp_path: Path
) -> None:
    tilleuls, roses = two_nodes
    ada = await person(tilleuls, "ada", tmp_path)
    bob = await person(roses, "bob", tmp_path)
    await ada.login()
    await bob.login()
    assert (await ada.read("whoami"))["username"] == "ada"
    assert "ada@" in await ada.run("auth")
    assert "Maillage" in await ada.run("instance")

    ada_handle = f"@ada@{tilleuls.node.host}"
    assert "following" in (await bob.run("follow", ada_handle)).lower()

    async def is_followed() -> bool:
        return "bob" in await ada.run("followers", "ada")

    await eventually(is_followed, PATIENCE_S)

    posted = await ada.read("post", "Le jardin ouvre demain", "--visibility", "public")
    await shows(bob, "Le jardin ouvre demain")
    seen = await id_in_home(roses, bob, "jardin ouvre")

    await bob.run("post", f"{ada_handle} Nous viendrons", "--reply-to", seen)

    async def is_answered() -> bool:
        return "Nous viendrons" in await ada.run("thread", posted["id"])

    await eventually(is_answered, PATIENCE_S)

    async def is_told() -> bool:
        return "mentioned you" in await ada.run("notifications")

    await eventually(is_told, PATIENCE_S)

    await bob.run("reblog", seen)
    await bob.run("favourite", seen)

    async def is_boosted() -> bool:
        status = await ada.read("status", posted["id"])
        return (status["reblogs_count"], status["favourites_count"]) == (1, 1)

    await eventually(is_boosted, PATIENCE_S)
    assert "bob" in await ada.run("reblogged-by", posted["id"])
    await bob.run("bookmark", seen)
    assert "jardin" in await bob.run("bookmarks")
    await bob.run("unreblog", seen)

    private = await ada.read("post", "Pour vous", "--visibility", "private")
    await shows(bob, "Pour vous")
    await ada.run("delete", private["id"])
    await ada.run("delete", posted["id"])

    async def is_gone() -> bool:
        home = await bob.run("timelines", "home")
        return "jardin" not in home and "Pour vous" not in home

    await eventually(is_gone, PATIENCE_S)

    await ada.run("update-account", "--display-name", "Ada L.", "--note", "Équipe de nuit")

    async def is_renamed() -> bool:
        return "Ada L." in await bob.run("whois", ada_handle)

    await eventually(is_renamed, PATIENCE_S)
    await bob.run("unfollow", ada_handle)
    assert ada_handle.lstrip("@") not in await bob.run("following", "bob")


async def test_pictures_polls_lists_and_tags_with_toot(
    two_nodes: tuple[Running, Running], tmp_path: Path
) -> None:
    tilleuls, roses = two_nodes
    ada = await person(tilleuls, "ada", tmp_path)
    bob = await person(roses, "bob", tmp_path)
    await ada.login()
    await bob.login()
    await bob.run("follow", f"@ada@{tilleuls.node.host}")

    async def is_followed() -> bool:
        return "bob" in await ada.run("followers", "ada")

    await eventually(is_followed, PATIENCE_S)

    picture = tmp_path / "jardin.png"
    Image.new("RGB", (64, 48), "green").save(picture)
    shown = ["--media", str(picture), "--description", "Le jardin", "--visibility", "private"]
    posted = await ada.read("post", "Voici le jardin #jardin", *shown)
    assert posted["media_attachments"][0]["description"] == "Le jardin"
    await shows(bob, "Voici le jardin")

    question = await ada.read(
        "post", "Quel jour ?", "--poll-option", "Mardi", "--poll-option", "Jeudi"
    )
    await shows(bob, "Quel jour")
    seen = await bob.read("status", await id_in_home(roses, bob, "Quel jour"))
    await bob.run("polls", "vote", seen["poll"]["id"], "1")

    async def is_counted() -> bool:
        poll = (await ada.read("status", question["id"]))["poll"]
        return [option["votes_count"] for option in poll["options"]] == [0, 1]

    await eventually(is_counted, PATIENCE_S)

    await bob.run("lists", "create", "Voisins", "--replies-policy", "list")
    await bob.run("lists", "add", "Voisins", f"ada@{tilleuls.node.host}")
    assert "ada" in await bob.run("lists", "accounts", "Voisins")
    assert "Quel jour" in await bob.run("timelines", "list", "Voisins")
    await bob.run("tags", "follow", "jardin")
    assert "jardin" in await bob.run("tags", "followed")
    assert posted["id"] in await ada.run("search", "jardin")
    later = await ada.read("post", "Demain", "--scheduled-in", "1 hour")
    assert later["scheduled_at"]
