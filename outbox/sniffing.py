"""What a file is, from its first bytes alone: neither its name nor what its sender says counts."""

import re
from dataclasses import dataclass
from typing import Literal

Family = Literal["image", "film", "document"]

START_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Kind:
    """A type that is accepted; `demuxer` is ffmpeg's name for it, `act` the image program's."""

    family: Family
    media_type: str
    extension: str
    demuxer: str = ""
    act: str = ""


_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"\xff\xd8\xff", Kind("image", "image/jpeg", "jpg")),
    (b"\x89PNG\r\n\x1a\n", Kind("image", "image/png", "png")),
    (b"GIF87a", Kind("image", "image/gif", "gif", "gif")),
    (b"GIF89a", Kind("image", "image/gif", "gif", "gif")),
    (b"OggS", Kind("film", "audio/ogg", "ogg", "ogg")),
    (b"fLaC", Kind("film", "audio/flac", "flac", "flac")),
    (b"ID3", Kind("film", "audio/mpeg", "mp3", "mp3")),
    (b"%PDF-", Kind("document", "application/pdf", "pdf")),
    (b"PK\x03\x04", Kind("document", "application/zip", "zip", act="office")),
)
_RIFF = {
    b"WEBP": Kind("image", "image/webp", "webp"),
    b"WAVE": Kind("film", "audio/wav", "wav", "wav"),
}
_AVIF = Kind("image", "image/avif", "avif")
_MP4 = Kind("film", "video/mp4", "mp4", "mov")
_QUICKTIME = Kind("film", "video/quicktime", "mov", "mov")
_M4A = Kind("film", "audio/mp4", "m4a", "mov")
_WEBM = Kind("film", "video/webm", "webm", "matroska")
_MP3 = Kind("film", "audio/mpeg", "mp3", "mp3")
_AAC = Kind("film", "audio/aac", "aac", "aac")
_TEXT = Kind("document", "text/plain", "txt", act="text")
# HEIC and other still pictures in the same box; there is nothing here that reads them.
_STILL_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"mif1", b"msf1"})
_MARKUP = re.compile(
    rb"<\s*(!doctype|\?xml|\?php|svg|html|head|body|script|iframe|math|style)", re.IGNORECASE
)

SUPPORTED = (
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "image/avif",
    "video/mp4",
    "video/webm",
    "video/quicktime",
    "audio/mpeg",
    "audio/mp3",
    "audio/ogg",
    "audio/wav",
    "audio/x-wav",
    "audio/flac",
    "audio/aac",
    "audio/mp4",
    "audio/x-m4a",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.presentation",
    "text/plain",
)


def kind_of(start: bytes) -> Kind | None:
    """The kind of a file that begins so; None for what is not accepted, SVG and HTML included."""
    for magic, kind in _MAGIC:
        if start.startswith(magic):
            return kind
    if start[:4] == b"RIFF":
        return _RIFF.get(start[8:12])
    if start[4:8] == b"ftyp":
        return _boxed(start)
    if start.startswith(b"\x1a\x45\xdf\xa3"):
        return _WEBM if b"webm" in start[:64] else None
    if len(start) > 2 and start[0] == 0xFF and start[1] & 0xE0 == 0xE0:
        return {0: _AAC, 1: _MP3}.get(start[1] >> 1 & 3)
    return _text(start)


def _boxed(start: bytes) -> Kind | None:
    brand = start[8:12]
    length = min(int.from_bytes(start[:4]), 256)
    brands = {brand, *(start[n : n + 4] for n in range(16, length, 4))}
    if brand in (b"avif", b"avis"):
        return _AVIF
    if brands & _STILL_BRANDS:
        return _AVIF if b"avif" in brands else None
    if brand in (b"M4A ", b"M4B "):
        return _M4A
    return _QUICKTIME if brand == b"qt  " else _MP4


def _text(start: bytes) -> Kind | None:
    # The start may end within a letter.
    if not start.strip() or b"\0" in start or _MARKUP.search(start):
        return None
    try:
        start[:-4].decode("utf-8")
    except UnicodeDecodeError:
        return None
    return _TEXT
