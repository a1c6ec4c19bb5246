"""Entities of rows that no endpoint would have made: nothing of them runs in a client."""

from federation.database import Transaction
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.contract.seen import check


async def test_a_strange_file_has_no_address_and_a_poll_no_early_figure(site: Site) -> None:
    ada = await site.person("ada")
    made = (await ada.post("/api/v1/statuses", {"status": "?"})).json
    node = site.node

    async def work(tx: Transaction) -> None:
        status_id, actor_id = int(made["id"]), site.people["ada"]["id"]
        await tx.execute(
            "INSERT INTO attachment (id, status_id, actor_id, type, url, remote_url, width, height,"
            " focus_x, focus_y, created_at) VALUES (?, ?, ?, 'image', ?, ?, 40, 20, 0.5, 0.0, 0)",
            node.ids.next(), status_id, actor_id, "https://a.test/1.png", "https://a.test/1.png",
        )  # fmt: skip
        await tx.execute(
            "INSERT INTO attachment (id, status_id, actor_id, position, type, url, created_at)"
            " VALUES (?, ?, ?, 1, 'strange', 'javascript:alert(1)', 0)",
            node.ids.next(), status_id, actor_id,
        )  # fmt: skip
        poll_id = node.ids.next()
        await tx.execute(
            "UPDATE status SET type = 'Question', edited_at = 1 WHERE id = ?", status_id
        )
        await tx.execute(
            "INSERT INTO poll (id, status_id, multiple, hide_totals, ends_at)"
            " VALUES (?, ?, FALSE, TRUE, ?)",
            poll_id, status_id, node.clock() + 1000,
        )  # fmt: skip
        for place, title in enumerate(("Mardi", "Jeudi")):
            await tx.execute(
                "INSERT INTO poll_option (poll_id, position, title, votes_count)"
                " VALUES (?, ?, ?, 3)",
                poll_id, place, title,
            )  # fmt: skip

    await node.db.write(work)
    read = (await ada.get(f"/api/v1/statuses/{made['id']}")).json
    image, strange = read["media_attachments"]
    check("Status", read)
    assert image["meta"]["original"] == {
        "width": 40, "height": 20, "size": "40x20", "aspect": 2.0,
    }  # fmt: skip
    assert image["meta"]["focus"] == {"x": 0.5, "y": 0.0}
    assert (strange["type"], strange["url"]) == ("unknown", None)
    assert read["poll"]["options"][0] == {"title": "Mardi", "votes_count": None}
