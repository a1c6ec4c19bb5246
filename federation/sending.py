"""One attempt at one delivery: signed anew, posted once, and read as a verdict.

A signature that was refused is tried once more in another form, since peers differ in what
they verify and none of them says so beforehand.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

from federation.client_errors import ClientError
from federation.database import Row
from federation.errors import Malformed, NodeError
from federation.follower_digests import header_for
from federation.keyring import Form
from federation.message_signatures import accepts_ed25519
from federation.node import Node
from federation.origins import origin_of
from federation.pairing_documents import AGREEMENT
from federation.partnerships import is_pinned
from federation.payloads import Payload
from federation.retry import Verdict, retry_after_ms, verdict_of
from federation.site_proofs import Unproved

_OTHER_FORM: dict[Form, Form] = {"ed25519": "cavage", "cavage": "rfc9421", "rfc9421": "cavage"}


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of an attempt. `code` says why it was not taken ("" when it was).

    `form` is the signature that was used last, `form_is_new` when it is not the one that was
    remembered; `takes_ed25519` what the answer said about that, None without an answer.
    `began_ms` is when it was begun, in ms UTC.
    """

    verdict: Verdict
    status: int | None = None
    code: str = ""
    asked_ms: int | None = None
    form: Form = "cavage"
    form_is_new: bool = False
    takes_ed25519: bool | None = None
    began_ms: int = 0


async def send(node: Node, delivery: Row, payload: Payload) -> Sent:
    """Post an activity to one inbox, at most twice; raises only for faults of this node's keys."""
    began = node.clock()
    return replace(await _sent(node, delivery, payload), began_ms=began)


async def _sent(node: Node, delivery: Row, payload: Payload) -> Sent:
    try:
        if origin_of(delivery["inbox_url"]) != delivery["origin"]:
            return Sent(Verdict.REFUSED, code="delivery.foreign_inbox")
    except Malformed as error:
        return Sent(Verdict.REFUSED, code=error.code)
    if delivery["audience_kind"] == AGREEMENT:
        return await _post(node, delivery, payload, "ed25519", is_new=False)
    form = await node.keyring.form(delivery["origin"])
    sent = await _post(node, delivery, payload, form, is_new=False)
    if sent.verdict is not Verdict.UNSIGNED:
        return sent
    return await _otherwise(node, delivery, payload, form, sent)


async def _otherwise(node: Node, delivery: Row, payload: Payload, form: Form, sent: Sent) -> Sent:
    """Try another form of signature once; a partner takes only the one that is agreed."""
    # A command of another process may have made a partner of it a moment ago.
    node.keyring.forget_form(delivery["origin"])
    known_now = await node.keyring.form(delivery["origin"])
    if known_now != form:
        return await _post(node, delivery, payload, known_now, is_new=False)
    if form == "ed25519" and await is_pinned(node.db, delivery["origin"]):
        return sent
    second = await _post(node, delivery, payload, _OTHER_FORM[form], is_new=True)
    # What a peer says to a form that it may not even read is no judgement of the activity.
    counts = form == "ed25519" or second.verdict in {Verdict.DONE, Verdict.WAIT}
    return second if counts and second.verdict is not Verdict.UNSIGNED else sent


async def _post(node: Node, delivery: Row, payload: Payload, form: Form, *, is_new: bool) -> Sent:
    url: str = delivery["inbox_url"]
    try:
        headers = await node.keyring.sign_as(
            form, delivery["sender_uri"], "POST", url, payload.body, payload.digest
        )
        headers |= await header_for(node.db, delivery)
        answer = await node.client.post(url, body=payload.body, headers=headers)
    except ClientError as error:
        # An answer that breaks off may be this activity's doing; silence never is.
        verdict = Verdict.ERROR if error.reason == "broken" else Verdict.WAIT
        return Sent(verdict, code=error.code, form=form)
    except Unproved as error:
        return Sent(Verdict.WAIT, code=error.code, form=form)
    content_type = answer.headers.get("Content-Type", "")
    verdict = verdict_of(answer.status, content_type)
    return Sent(
        verdict,
        answer.status,
        "" if verdict is Verdict.DONE else _code(answer.status),
        retry_after_ms(answer.headers.get("Retry-After"), node.clock()),
        form,
        is_new and verdict is Verdict.DONE,
        _takes_ed25519(answer.headers.get("Accept-Signature", "")),
    )


# All nodes of this software say the same words.
_takes_ed25519 = lru_cache(maxsize=64)(accepts_ed25519)


def _code(status: int) -> str:
    # Never the answer's text: it may repeat what only the addressees may read.
    return "answer.html" if status < 300 else f"answer.{status}"


def is_fault_of_ours(error: Exception) -> bool:
    """Say whether signing failed because of this node's own keys rather than of one actor."""
    return not (isinstance(error, NodeError) and error.status == 404)
