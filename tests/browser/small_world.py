"""A site with a few people who wrote to each other, as the pages show it."""

from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageDraw

from federation.database import Row
from inbox.process import process_due
from outbox import interactions, relations
from outbox import statuses as outbox
from outbox.drafts import Draft, PollDraft
from outbox.uploads import About, take_in, work_folder
from tests.serving import Running
from tests.web.conftest import new_person

GARDEN = "Deux bacs de jardin surélevés sur une terrasse, devant trois fenêtres en arc."
TEXT = (
    "Les bacs surélevés sont posés côté terrasse : 75 cm de haut, un fauteuil passe dessous."
    " Il reste du mélèze pour deux bacs si une autre maison en veut. #jardin"
)


@dataclass(slots=True)
class World:
    """The node, its people by name, and the statuses that tests ask for by name."""

    running: Running
    people: dict[str, Row]
    statuses: dict[str, Row]

    async def write(self, who: str, text: str, name: str = "", **more: Any) -> Row:
        node, author = self.running.node, self.people[who]
        account_id = await node.db.value("SELECT id FROM account WHERE actor_id = ?", author["id"])
        given: dict[str, Any] = {"visibility": "local", **more}
        draft = Draft(text=text, **given)
        row = await outbox.create(node, author, account_id, draft)
        self.statuses[name or text] = row
        await process_due(node)
        return row


async def small_world(running: Running) -> World:
    """Ada follows three people who wrote: an image, a warning, a poll, an exchange."""
    node = running.node
    names = {
        "ada": "Maëlle Kerbrat",
        "yannick": "Yannick Le Goff",
        "driss": "Driss Amrani",
        "elodie": "Élodie Marchetti",
    }
    world = World(running, {}, {})
    for name, shown in names.items():
        world.people[name] = await new_person(running, name, display_name=shown)
    for name in ("yannick", "driss", "elodie"):
        await relations.follow(node, world.people["ada"], world.people[name])
    await process_due(node)
    asked = await world.write(
        "ada", "Que proposez-vous comme collation de nuit en texture lisse ?", "asked"
    )
    await world.write(
        "driss",
        "Crème de semoule à la fleur d’oranger, préparée à 19 h et gardée au froid."
        " Elle tient jusqu’à 4 h sans rendre d’eau.",
        "answer",
        in_reply_to_id=asked["id"],
    )
    await world.write("yannick", "Merci, je transmets à l’étage.", "deeper",
                      in_reply_to_id=world.statuses["answer"]["id"])  # fmt: skip
    await world.write(
        "elodie",
        "Quel après-midi vous arrange pour le goûter des aînés ?",
        "poll",
        visibility="public",
        poll=PollDraft(("Mardi 25 novembre", "Mercredi 26 novembre", "Aucun de ces jours"), 86_400),
    )
    await world.write(
        "elodie",
        "La personne est partie dans la nuit. Un temps de parole a lieu demain à 14 h.",
        "warning",
        spoiler_text="Deuil",
        visibility="private",
    )
    await world.write("yannick", TEXT, "picture", media_ids=(await _picture(world, "yannick"),))
    await interactions.favourite(node, world.people["driss"], asked)
    await interactions.favourite(node, world.people["elodie"], asked)
    await process_due(node)
    return world


async def _picture(world: World, who: str) -> int:
    node = world.running.node
    async with work_folder(node) as folder:
        drawn = Image.new("RGB", (960, 540), "#f4ddb3")
        pen = ImageDraw.Draw(drawn)
        pen.rectangle((90, 300, 430, 440), fill="#8a4a25")
        pen.rectangle((520, 300, 870, 440), fill="#8a4a25")
        pen.ellipse((140, 220, 380, 320), fill="#4b8b5a")
        pen.ellipse((570, 200, 820, 320), fill="#2f6b45")
        drawn.save(folder / "jardin.png")
        about = About(GARDEN, None, "jardin.png")
        row = await take_in(
            node, world.people[who]["id"], folder / "jardin.png", about, at_once=True
        )
    return row["id"]
