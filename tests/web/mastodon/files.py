"""Files as people send them, good and bad, and the forms they come in."""

import io
import shutil
import struct
import subprocess
import zipfile
import zlib
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
from PIL import Image

from tests.web.mastodon.asgi import Client, Reply

FFMPEG = shutil.which("ffmpeg") or "ffmpeg"
BOUNDARY = "the-boundary-of-the-test"
Part = tuple[str, str | None, bytes]


def picture(kind: str = "PNG", size: tuple[int, int] = (64, 48), **more: Any) -> bytes:
    image = Image.radial_gradient("L").resize(size).convert("RGB")
    image.putpixel((0, 0), (255, 0, 0))
    file = io.BytesIO()
    image.save(file, kind, **more)
    return file.getvalue()


def photograph() -> bytes:
    """A JPEG of 60 by 40, to be turned upright (40 by 60), with a place and a serial number."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0xA431] = "SERIAL-4711"
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 30.0), 3: "E", 4: (2.0, 21.0, 3.0)})
    return picture("JPEG", (60, 40), exif=exif, comment=b"taken by the nurse")


def moving_gif() -> bytes:
    frames = [Image.new("RGB", (33, 21), (n * 40, 90, 200 - n * 40)) for n in range(5)]
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], duration=80)
    return file.getvalue()


def huge_png(width: int, height: int) -> bytes:
    """A PNG that says how large it is and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 5_000_000, 9))
        + chunk(b"IEND", b"")
    )


@lru_cache
def film(extension: str = "mp4", *arguments: str) -> bytes:
    """One second of a test picture with a tone, and a place in what it says of itself."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"film.{extension}"
        sources = ["-f", "lavfi", "-i", "testsrc=size=160x90:rate=10:duration=1"]
        sources += ["-f", "lavfi", "-i", "sine=duration=1"]
        about = ["-metadata", "location=+48.8584+002.2945/", "-metadata", "title=chez Mme Petit"]
        subprocess.run(
            [FFMPEG, "-v", "error", *sources, "-pix_fmt", "yuv420p", *about, *arguments, str(path)],
            check=True,
        )
        return path.read_bytes()


@lru_cache
def sound(extension: str = "mp3") -> bytes:
    return film(extension, "-vn")


def office(*extra: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document>Menu de la semaine</document>")
        for name, content in extra:
            archive.writestr(name, content)
    return file.getvalue()


def form(*parts: Part) -> tuple[bytes, dict[str, str]]:
    """A multipart body and its header."""
    body = b""
    for name, file_name, content in parts:
        line = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'
        if file_name is not None:
            line += f'; filename="{file_name}"\r\nContent-Type: image/png'
        body += line.encode() + b"\r\n\r\n" + content + b"\r\n"
    body += f"--{BOUNDARY}--\r\n".encode()
    return body, {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}


async def send(
    client: Client, content: bytes, *more: Part, path: str = "/api/v2/media", name: str = "a.png"
) -> Reply:
    body, headers = form(("file", name, content), *more)
    return await client.ask("POST", path, body=body, headers=headers)


async def uploaded(client: Client, content: bytes, *more: Part, path: str = "/api/v1/media") -> Any:
    """The entity of an upload that goes well."""
    reply = await send(client, content, *more, path=path)
    assert reply.status == 200, reply.text
    return orjson.loads(reply.body)


async def fetched(client: Client, url: str, **headers: str) -> Reply:
    """What a picture view gets: the address alone, without any token."""
    bare = Client(client.app, client.origin)
    return await bare.ask("GET", url, headers=headers)
