"""The picture of a person and the one over her profile: sent with the profile, or taken off."""

from collections.abc import Awaitable, Callable

from starlette.responses import Response

from actors.profiles import ProfileChanges, update_profile
from federation.errors import Invalid, describe
from outbox.pictures import store_picture
from outbox.profiles import publish_profile
from outbox.uploads import work_folder
from web.mastodon.call import Call
from web.mastodon.uploads import Sent

describe({"media.no_file": "{field} must be a file, sent as multipart/form-data."})


async def pictures_in(call: Call, came: Sent) -> ProfileChanges:
    """What a form changes of the caller's pictures; Invalid naming what is no image."""
    changes: ProfileChanges = {}
    async with work_folder(call.node) as folder:
        for field in ("avatar", "header"):
            if field in came:
                path = await came.save(field, folder)
                url = await store_picture(call.node, await call.viewer(), field, path)
                if field == "avatar":
                    changes["icon_url"] = url
                else:
                    changes["image_url"] = url
            elif came.params.text(field):
                raise Invalid("media.no_file", field=field)
    return changes


def taken_off(
    changes: ProfileChanges, shown: Callable[[Call], Awaitable[Response]]
) -> Callable[[Call], Awaitable[Response]]:
    """An endpoint that takes a picture off the caller's profile and answers the account."""

    async def endpoint(call: Call) -> Response:
        actor = await call.viewer()
        changed = await update_profile(call.node, actor, changes)
        if changed["updated_at"] != actor["updated_at"]:
            await publish_profile(call.node, changed)
            call.node.media_wake.set()
        return await shown(call)

    return endpoint
