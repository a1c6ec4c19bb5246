"""The only place that builds and reads this node's own URIs.

An actor's uri holds a number, never the handle: a person may change her name, and nobody
may guess a handle from a path.
"""

import re
from dataclasses import dataclass

OWN_PATH = re.compile(r"^/(users|notes|follows|activities)/(\d{1,19})$")


@dataclass(frozen=True, slots=True)
class Uris:
    """Builds the URIs of one origin (scheme://host[:port])."""

    origin: str

    @property
    def instance_actor(self) -> str:
        """The actor that speaks for the whole node."""
        return f"{self.origin}/actor"

    @property
    def instance_rsa_key(self) -> str:
        """The key of the instance actor that other software understands."""
        return f"{self.origin}/actor#main-key"

    @property
    def instance_ed25519_key(self) -> str:
        """The key by which this node signs towards its own kind."""
        return f"{self.origin}/actor#ed25519-key"

    @property
    def shared_inbox(self) -> str:
        """Where one copy for everybody here is delivered."""
        return f"{self.origin}/inbox"

    def actor(self, actor_id: int) -> str:
        """The id of a local actor."""
        return f"{self.origin}/users/{actor_id}"

    def actor_page(self, username: str) -> str:
        """The web page of a local actor."""
        return f"{self.origin}/@{username}"

    def status(self, status_id: int) -> str:
        """The id of a local status."""
        return f"{self.origin}/notes/{status_id}"

    def stamp(self, quoted_id: int, quoting_id: int) -> str:
        """The id of what allows a status to quote one of ours."""
        return f"{self.origin}/notes/{quoted_id}/quotes/{quoting_id}"

    def status_page(self, username: str, status_id: int) -> str:
        """The web page of a local status."""
        return f"{self.origin}/@{username}/{status_id}"

    def context(self, root_id: int) -> str:
        """The collection of a conversation."""
        return f"{self.origin}/contexts/{root_id}"

    def audience(self, token: str) -> str:
        """The unguessable id of an audience."""
        return f"{self.origin}/audiences/{token}"

    def follow(self, follow_id: int) -> str:
        """The id of a follow of ours."""
        return f"{self.origin}/follows/{follow_id}"

    def activity(self, activity_id: int) -> str:
        """The id of any other activity of ours."""
        return f"{self.origin}/activities/{activity_id}"

    def tag_page(self, name: str) -> str:
        """The web page of a tag."""
        return f"{self.origin}/tags/{name}"

    def media(self, name: str) -> str:
        """The address of a file of a status, read by who may see the status."""
        return f"{self.origin}/media/{name}"

    def picture(self, name: str) -> str:
        """The address of an actor's picture, read by whoever was given it."""
        return f"{self.origin}/pictures/{name}"

    def read(self, uri: str) -> tuple[str, int] | None:
        """Return (collection, id) of one of our own plain uris, None for anything else.

        Collections are `users`, `notes`, `follows`, `activities`.
        """
        if not uri.startswith(self.origin + "/"):
            return None
        match = OWN_PATH.match(uri[len(self.origin) :])
        return (match[1], int(match[2])) if match else None

    def is_ours(self, uri: str) -> bool:
        """Whether a uri belongs to this node."""
        return uri == self.origin or uri.startswith(self.origin + "/")
