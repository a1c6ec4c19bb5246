"""The errors of the node: each has an HTTP status, a stable code and the parameters of its message.

A code such as ``signature.expired`` is what is stored and translated; ``str(error)`` is the English
sentence for logs and for peers. Sentences say what was expected, what came and what to do.
"""

from collections.abc import Mapping
from typing import ClassVar

_PARAM_CHARS_MAX = 200

SENTENCES: dict[str, str] = {
    "activity.actor": "The activity needs one actor, as an id or an object with an id; name it.",
    "digest.malformed": "The {header} header cannot be read; send {expected}.",
    "digest.mismatch": "The {header} header says {algorithm} {came}, but the body received has"
    " {expected}; the body was changed after it was signed.",
    "digest.unknown_algorithm": "The {header} header names no algorithm we know; use {expected}.",
    "json.invalid": "The body is not JSON; send one JSON object in UTF-8.",
    "json.not_object": "The body is JSON, but not an object; send one JSON object.",
    "key.foreign_owner": "The key {key_id} and its owner {owner} are on different origins; serve"
    " both from one.",
    "key.malformed": "The public key cannot be read ({reason}); send one SubjectPublicKeyInfo PEM.",
    "key.not_rsa": "The public key is not RSA; a publicKeyPem must hold an RSA key.",
    "key.other": "The key {expected} was asked for, but {came} was found; fix the key's id.",
    "key.size": "The RSA key has {came} bits; {expected} are accepted.",
    "key.unreadable": "The private key {key_id} cannot be decrypted; put back the secret file with"
    " which it was written.",
    "multikey.malformed": "The Multikey cannot be read ({reason}); send publicKeyMultibase as"
    " base58btc of an Ed25519 public key.",
    "secret.exposed": "The secret file {path} has mode {came}; nobody else may read it: chmod 600.",
    "secret.missing": "The secret file {path} cannot be read ({reason}); restore it from where it"
    " is kept, or make a new one on a new node.",
    "secret.size": "The secret file {path} has {came} bytes where {expected} are needed; restore"
    " it.",
    "signature.algorithm": "The signature names the algorithm {came}; {expected} is what the key"
    " can do: sign with it.",
    "signature.component": "The signature covers {component}, which is not supported here; cover"
    " plain fields, @method and @target-uri.",
    "signature.covered_twice": "The signature covers {component} twice; name each part once.",
    "signature.created_missing": "The signature has no time of creation; add created.",
    "signature.date": "The Date header {came} cannot be read; write it as in Tue, 20 Apr 2021"
    " 02:07:55 GMT.",
    "signature.expired": "The signature was made {age_s} s ago or says that it has expired; sign"
    " each attempt anew, and set the clock.",
    "signature.field_missing": "The signature covers {component}, which the request does not have;"
    " send it, or do not cover it.",
    "signature.future": "The signature is dated {ahead_s} s in the future; set the clock.",
    "signature.host": "The request was signed for {came}, but this node is {expected}.",
    "signature.key_id": "The key id {came} cannot be used; give the http(s) address of the key.",
    "signature.malformed": "The signature cannot be read ({reason}); send one Signature header"
    " (draft-cavage-12), or Signature-Input and Signature (RFC 9421).",
    "signature.missing": "The request is not signed; sign it with an actor's key.",
    "signature.not_actor": "The key of {owner} signed, but the activity is by {actor}; an activity"
    " is signed by its own actor.",
    "signature.own_key": "The key {key_id} is this node's own, which never sends to itself.",
    "signature.pseudo_header": "{component} may not be signed with the algorithm {came}; use"
    " hs2019, or sign the Date header.",
    "signature.several": "Several signatures came where one was expected; send one.",
    "signature.target": "The request target {came} is not a path; send origin-form.",
    "signature.uncovered": "The signature must cover {component}, and does not; sign it.",
    "signature.wrong": "The signature does not fit the request and the key {key_id}; sign what is"
    " sent, with the key that is published there.",
    "uri.host": "The address {came} has no usable host; use http(s)://host[:port]/….",
    "uri.malformed": "The address {came} cannot be read; use http(s)://host[:port]/….",
    "uri.port": "The address {came} has no usable port; use 1 to 65535 or leave it out.",
    "uri.scheme": "The address {came} is not http or https.",
    "uri.userinfo": "The address {came} holds a user name; leave it out.",
}


def describe(sentences: Mapping[str, str]) -> None:
    """Add the English sentences of a module's codes; raise ValueError when a code is taken."""
    for code, sentence in sentences.items():
        if SENTENCES.setdefault(code, sentence) != sentence:
            message = f"the code {code} already has another sentence"
            raise ValueError(message)


class _Params(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return f"({name} not given)"


class NodeError(Exception):
    """What went wrong, as a code with parameters; subclasses fix the HTTP status."""

    status: ClassVar[int] = 500

    def __init__(self, code: str, **params: str) -> None:
        """Keep `code` and `params`, each value cut to what a log line can bear."""
        super().__init__(code)
        self.code = code
        self.params = {name: value[:_PARAM_CHARS_MAX] for name, value in params.items()}

    def __str__(self) -> str:
        """Return the English sentence of the code, or the code with its parameters."""
        sentence = SENTENCES.get(self.code)
        if sentence is not None:
            return sentence.format_map(_Params(self.params))
        return " ".join([self.code, *(f"{name}={value}" for name, value in self.params.items())])


class Malformed(NodeError):
    """400: what came cannot be read."""

    status = 400


class Unsigned(NodeError):
    """401: no usable signature came."""

    status = 401


class BadSignature(Unsigned):
    """401: a signature came and does not hold."""


class Refused(NodeError):
    """403: known who asks, and the answer is no."""

    status = 403


class Stranger(Refused):
    """403: an origin with which this node does not exchange."""


class NotFound(NodeError):
    """404: not there, or not for the one who asks."""

    status = 404


class Gone(NodeError):
    """410: was there, and was deleted."""

    status = 410


class TooLarge(NodeError):
    """413: more bytes than accepted."""

    status = 413


class Unsupported(NodeError):
    """415: a media type that is not accepted."""

    status = 415


class Invalid(NodeError):
    """422: well formed, but the value of `field` is not acceptable."""

    status = 422

    def __init__(self, code: str, *, field: str, **params: str) -> None:
        """Name the `field` that is wrong; it is also a parameter of the sentence."""
        super().__init__(code, field=field, **params)
        self.field = field


class _Later(NodeError):
    def __init__(self, code: str, *, retry_after_s: int, **params: str) -> None:
        """Say after how many seconds it makes sense to come back."""
        super().__init__(code, retry_after_s=str(retry_after_s), **params)
        self.retry_after_s = retry_after_s


class TooMany(_Later):
    """429: too many requests; come back after `retry_after_s`."""

    status = 429


class Unavailable(_Later):
    """503: cannot be done now; come back after `retry_after_s`."""

    status = 503


class Misconfigured(NodeError):
    """503: this node's own set-up is wrong, and its administrator must act."""

    status = 503
