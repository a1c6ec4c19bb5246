"""Films and sounds: asked by ffprobe, made by ffmpeg, both confined and without any network.

The reader of the file's form is fixed by its first bytes, so no playlist or script is ever
followed; what a file says besides picture and sound (title, position, data) is left behind.
"""

import shutil
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from federation.errors import Invalid
from federation.node import Node
from outbox.sniffing import SUPPORTED, Kind
from outbox.workers import Bounds, WorkerFailed, run

MATRIX_MAX = 8_294_400
FRAME_RATE_MAX = 120
SIDE_MADE_MAX = 1920
_ASK = Bounds(cpu_s=30, wall_s=60, memory_bytes=2_000_000_000)
_MAKE = Bounds(cpu_s=600, wall_s=900, memory_bytes=4_000_000_000)
# Files alone, and the formats we know: nothing in a file can send the reader elsewhere.
_READ = ("-protocol_whitelist", "file", "-f")
_NOTHING_ELSE = ("-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact")
_TRUNCATED = ("ended prematurely", "partial file", "truncat")
_COPIED_SOUNDS = {
    "mp3": ("mp3", "audio/mpeg"),
    "aac": ("m4a", "audio/mp4"),
    "flac": ("flac", "audio/flac"),
    "opus": ("ogg", "audio/ogg"),
    "vorbis": ("ogg", "audio/ogg"),
}
_WRITERS = {"m4a": "ipod", "mp3": "mp3", "flac": "flac", "ogg": "ogg"}


@lru_cache(maxsize=1)
def are_installed() -> bool:
    """Whether this machine has the programs; without them no film or sound is accepted."""
    return all(shutil.which(program) for program in ("ffmpeg", "ffprobe"))


def supported() -> list[str]:
    """The types that are accepted here, as clients are told."""
    if are_installed():
        return list(SUPPORTED)
    return [name for name in SUPPORTED if not name.startswith(("video/", "audio/"))]


@dataclass(frozen=True, slots=True)
class Film:
    """What ffprobe found: codecs, size as it is shown, length in seconds, rate, bits a second."""

    video: str | None
    audio: str | None
    width: int = 0
    height: int = 0
    duration_s: float = 0.0
    frame_rate: str = ""
    bitrate: int = 0
    is_plain: bool = False
    """Whether every player shows its picture as it is (8 bits, 4:2:0)."""


async def probe(node: Node, path: Path, kind: Kind, field: str = "file") -> Film:
    """What a file holds, after all of it was read once.

    Raises Invalid naming the field for what is broken off, has neither picture nor sound, or
    is larger than what is accepted.
    """
    film = await _ask(node, path, kind.demuxer, field)
    if film.video and film.width * film.height > MATRIX_MAX:
        raise Invalid("media.pixels", field=field)
    if _rate(film.frame_rate) > FRAME_RATE_MAX:
        raise Invalid("media.frame_rate", field=field, max=str(FRAME_RATE_MAX))
    program = ("ffmpeg", "-nostdin", "-v", "error", "-xerror", *_READ, kind.demuxer, "-i")
    try:
        said = await run(
            node,
            (*program, str(path), "-map", "0:v?", "-map", "0:a?", *_TO_NOWHERE),
            path.parent,
            _ASK,
        )
    except WorkerFailed as error:
        raise Invalid("media.broken", field=field) from error
    if any(word in said.complaints.lower() for word in _TRUNCATED):
        raise Invalid("media.broken", field=field)
    return film


_TO_NOWHERE = ("-c", "copy", "-f", "null", "-")


async def _ask(node: Node, path: Path, demuxer: str, field: str) -> Film:
    program = ("ffprobe", "-v", "error", *_READ, demuxer, "-show_streams", "-show_format")
    try:
        said = await run(node, (*program, "-of", "json", str(path)), path.parent, _ASK)
        film = read_film(orjson.loads(said.output))
    except (WorkerFailed, orjson.JSONDecodeError, ValueError) as error:
        raise Invalid("media.broken", field=field) from error
    if film.video is None and film.audio is None:
        raise Invalid("media.broken", field=field)
    return film


def read_film(document: Any) -> Film:
    """Read what ffprobe prints; raise ValueError for what is none."""
    if not isinstance(document, dict):
        raise ValueError("not an object")  # noqa: TRY004 - the caller knows one kind of fault
    streams = [s for s in document.get("streams") or [] if isinstance(s, dict)]
    about = document.get("format") or {}
    # A cover is a still picture in a sound.
    video = next(
        (
            s
            for s in streams
            if s.get("codec_type") == "video"
            and not (s.get("disposition") or {}).get("attached_pic")
        ),
        None,
    )
    audio = next((s for s in streams if s.get("codec_type") == "audio"), None)
    width = height = 0
    if video is not None:
        width, height = int(video.get("width") or 0), int(video.get("height") or 0)
        if _is_turned(video):
            width, height = height, width
    return Film(
        video=str(video.get("codec_name")) if video else None,
        audio=str(audio.get("codec_name")) if audio else None,
        width=width,
        height=height,
        duration_s=round(float(about.get("duration") or 0), 3),
        frame_rate=str(video.get("avg_frame_rate") or "") if video else "",
        bitrate=int(about.get("bit_rate") or 0),
        is_plain=video is not None and video.get("pix_fmt") in ("yuv420p", "yuvj420p"),
    )


def _is_turned(video: dict[str, Any]) -> bool:
    sides = [s for s in video.get("side_data_list") or [] if isinstance(s, dict)]
    return any(int(s.get("rotation") or 0) % 180 != 0 for s in sides)


def _rate(text: str) -> float:
    above, _, below = text.partition("/")
    try:
        return float(above) / float(below or 1)
    except (ValueError, ZeroDivisionError):
        return 0.0


async def make_video(
    node: Node, path: Path, kind: Kind, film: Film, folder: Path, *, silent: bool
) -> tuple[Path, Film]:
    """Make the MP4 that every player plays; H.264 is kept as it is. Raises WorkerFailed.

    `silent` is for what was a moving image.
    """
    made = folder / "original.mp4"
    keeps = film.video == "h264" and film.is_plain and not silent
    program = ["ffmpeg", "-nostdin", "-v", "error", *_READ, kind.demuxer, "-i", str(path)]
    program += ["-map", "0:v:0", *(() if silent else ("-map", "0:a:0?")), *_NOTHING_ELSE]
    program += ["-map_metadata:s", "-1"]
    if keeps:
        program += ["-c:v", "copy"]
    else:
        longest = f"min({SIDE_MADE_MAX},iw)':'min({SIDE_MADE_MAX},ih)"
        shape = f"scale='{longest}':force_original_aspect_ratio=decrease:force_divisible_by=2"
        program += ["-vf", f"{shape},format=yuv420p", "-c:v", "libx264", "-preset", "veryfast"]
        program += ["-crf", "23", "-threads", "2", "-fpsmax", "60"]
    if not silent:
        program += ["-c:a", *(("copy",) if film.audio == "aac" else ("aac", "-b:a", "128k"))]
    program += ["-movflags", "+faststart", "-f", "mp4", str(made)]
    async with node.film_places:
        await run(node, program, folder, _MAKE)
    return made, await _as_made(node, made, "mov")


async def make_sound(
    node: Node, path: Path, kind: Kind, film: Film, folder: Path
) -> tuple[Path, str, Film]:
    """Make the sound that is kept, its media type, and its figures. Raises WorkerFailed."""
    extension, media_type = _COPIED_SOUNDS.get(film.audio or "", ("mp3", "audio/mpeg"))
    copied = film.audio in _COPIED_SOUNDS
    made = folder / f"original.{extension}"
    program = ["ffmpeg", "-nostdin", "-v", "error", *_READ, kind.demuxer, "-i", str(path)]
    program += ["-map", "0:a:0", "-vn", *_NOTHING_ELSE, "-map_metadata:s", "-1", "-c:a"]
    program += ["copy"] if copied else ["libmp3lame", "-b:a", "160k"]
    program += ["-f", _WRITERS[extension], str(made)]
    async with node.film_places:
        await run(node, program, folder, _MAKE)
    demuxer = {"m4a": "mov"}.get(extension, extension)
    return made, media_type, await _as_made(node, made, demuxer)


async def make_frame(node: Node, video: Path, folder: Path) -> Path:
    """Take the first picture of a film that we made, as PNG. Raises WorkerFailed."""
    made = folder / "frame.png"
    program = ("ffmpeg", "-nostdin", "-v", "error", *_READ, "mov", "-i", str(video))
    await run(node, (*program, "-frames:v", "1", "-f", "image2", str(made)), folder, _ASK)
    if not made.exists():
        raise WorkerFailed("media.worker", reason="it has no picture")
    return made


async def _as_made(node: Node, path: Path, demuxer: str) -> Film:
    try:
        return await _ask(node, path, demuxer, "file")
    except Invalid as error:
        raise WorkerFailed("media.worker", reason="nothing came of it") from error
