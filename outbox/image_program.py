"""The program that reads others' images and documents, alone in a confined process.

`image_program <act> <input> <output folder> <pixels at most>`; it prints one JSON object: what
it made, or `refused` with the code of the reason. Whatever an image carried besides its
pixels (EXIF, position, comments, profiles, what hides behind its end) is not in what it makes.
"""

import io
import json
import re
import sys
import zipfile
from pathlib import Path
from typing import Any, cast

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from outbox.blurhash import blurhash

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
# The longest side and the surface of what is kept: a 4K screen.
STORED_PIXELS_MAX = 8_294_400
PREVIEW_PIXELS_MAX = 230_400
AVATAR_SIDE = 400
HEADER_SIZE = (1500, 500)
BLURHASH_SIDE = 32
UNPACKED_BYTES_MAX = 300_000_000
UNPACKED_TIMES_MAX = 200
RATIO_COUNTS_FROM_BYTES = 10_000_000
ENTRIES_MAX = 10_000
MACROS = re.compile(
    r"(^|/)((vbaproject|vbadata|macro|activex|oleobject)[^/]*|basic/|scripts/)",
    re.IGNORECASE,
)
OFFICE = {
    "word/document.xml": (
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "xl/workbook.xml": (
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "ppt/presentation.xml": (
        "pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
}
OPEN_DOCUMENTS = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
}


class Refused(Exception):
    """The file is not acceptable; the text is the code of the reason."""


def attachment(source: Path, folder: Path, pixels_max: int) -> dict[str, Any]:
    """Make the image that is kept and its preview; say `animated` for what moves."""
    with _open(source, pixels_max) as image:
        if image.format == "GIF" and getattr(image, "is_animated", False):
            return {"animated": True}
        kind = "JPEG" if image.format == "JPEG" else "PNG"
        if image.format in ("WEBP", "AVIF"):
            kind = "WEBP"
        clean = _clean(image)
    made = _fitted(clean, STORED_PIXELS_MAX)
    if kind == "JPEG":
        made = made.convert("RGB")
    name = {"JPEG": "original.jpg", "PNG": "original.png", "WEBP": "original.webp"}[kind]
    _save(made, folder / name, kind)
    media_type = f"image/{kind.lower()}"
    size = {"file": name, "media_type": media_type, "width": made.width, "height": made.height}
    return size | _preview(made, folder)


def preview(source: Path, folder: Path, pixels_max: int) -> dict[str, Any]:
    """Make the preview of something else: a frame of a film, a thumbnail, a card's image."""
    with _open(source, pixels_max) as image:
        return _preview(_clean(image), folder)


def avatar(source: Path, folder: Path, pixels_max: int) -> dict[str, Any]:
    """Make a person's picture."""
    return _picture(source, folder, pixels_max, (AVATAR_SIDE, AVATAR_SIDE))


def header(source: Path, folder: Path, pixels_max: int) -> dict[str, Any]:
    """Make the picture over a profile."""
    return _picture(source, folder, pixels_max, HEADER_SIZE)


def _picture(source: Path, folder: Path, pixels_max: int, size: tuple[int, int]) -> dict[str, Any]:
    with _open(source, pixels_max) as image:
        clean = _clean(image)
    made = ImageOps.fit(clean, size, Image.Resampling.LANCZOS)
    _save(made, folder / "original.webp", "WEBP")
    return {"file": "original.webp", "media_type": "image/webp", "width": size[0]}


def _open(source: Path, pixels_max: int) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = pixels_max
    # By its content alone: the name says nothing.
    image = Image.open(source, formats=FORMATS)
    # Before anything is decoded (SEC-101).
    if image.width * image.height > pixels_max:
        raise Refused("media.pixels")
    return image


def _clean(image: Image.Image) -> Image.Image:
    """The pixels alone, upright, in sRGB."""
    image.seek(0)
    image.load()
    profile = image.info.get("icc_profile")
    upright = ImageOps.exif_transpose(image)
    see_through = upright.has_transparency_data
    if isinstance(profile, bytes) and upright.mode in ("RGB", "RGBA"):
        upright = _in_srgb(upright, profile)
    pixels = upright.convert("RGBA" if see_through else "RGB")
    clean = Image.new(pixels.mode, pixels.size)
    clean.paste(pixels)
    return clean


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, own, srgb) or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image


def _fitted(image: Image.Image, pixels_max: int) -> Image.Image:
    surface = image.width * image.height
    if surface <= pixels_max:
        return image
    share = (pixels_max / surface) ** 0.5
    size = max(1, int(image.width * share)), max(1, int(image.height * share))
    return image.resize(size, Image.Resampling.LANCZOS)


def _preview(image: Image.Image, folder: Path) -> dict[str, Any]:
    made = _fitted(image, PREVIEW_PIXELS_MAX)
    _save(made, folder / "preview.webp", "WEBP")
    # What is see-through counts as white.
    ground = Image.new("RGB", made.size, "white")
    ground.paste(made, mask=made.getchannel("A") if made.mode == "RGBA" else None)
    small = ground.resize((BLURHASH_SIDE, BLURHASH_SIDE))
    return {
        "preview": "preview.webp",
        "preview_width": made.width,
        "preview_height": made.height,
        "blurhash": blurhash(small.tobytes(), BLURHASH_SIDE, BLURHASH_SIDE),
    }


def _save(image: Image.Image, path: Path, kind: str) -> None:
    if kind == "JPEG":
        image.save(path, kind, quality=90, optimize=True, progressive=True)
    elif kind == "PNG":
        image.save(path, kind, optimize=False)
    else:
        image.save(path, kind, quality=85, method=4)


def office(source: Path, _folder: Path, _pixels_max: int) -> dict[str, Any]:
    """Say which office document this is; refuse macros, bombs, and archives of other things."""
    with zipfile.ZipFile(source) as archive:
        entries = archive.infolist()
        if len(entries) > ENTRIES_MAX:
            raise Refused("media.archive")
        unpacked = sum(entry.file_size for entry in entries)
        packed = max(1, source.stat().st_size)
        bomb = unpacked > RATIO_COUNTS_FROM_BYTES and unpacked > packed * UNPACKED_TIMES_MAX
        if unpacked > UNPACKED_BYTES_MAX or bomb:
            raise Refused("media.bomb")
        names = {entry.filename for entry in entries}
        if any(".." in name.split("/") or name.startswith("/") for name in names):
            raise Refused("media.archive")
        if any(MACROS.search(name) for name in names):
            raise Refused("media.macros")
        return _kind_of(archive, names)


def _kind_of(archive: zipfile.ZipFile, names: set[str]) -> dict[str, Any]:
    if "[Content_Types].xml" in names:
        types = _read(archive, "[Content_Types].xml").lower()
        if b"macroenabled" in types or b"vbaproject" in types:
            raise Refused("media.macros")
        for name, (extension, media_type) in OFFICE.items():
            if name in names:
                return {"extension": extension, "media_type": media_type}
    if "mimetype" in names:
        media_type = _read(archive, "mimetype").decode("ascii", "replace").strip()
        if media_type in OPEN_DOCUMENTS:
            return {"extension": OPEN_DOCUMENTS[media_type], "media_type": media_type}
    raise Refused("media.type")


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    # What an entry says of its size is not believed.
    with archive.open(name) as file:
        return file.read(1_000_000)


def text(source: Path, _folder: Path, _pixels_max: int) -> dict[str, Any]:
    """Accept plain text in UTF-8."""
    try:
        content = source.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused("media.type") from error
    if any(ord(letter) < 32 and letter not in "\t\n\r\f" for letter in set(content)):
        raise Refused("media.type")
    return {"extension": "txt", "media_type": "text/plain"}


ACTS = {
    "attachment": attachment,
    "preview": preview,
    "avatar": avatar,
    "header": header,
    "office": office,
    "text": text,
}


def main(arguments: list[str]) -> dict[str, Any]:
    """Do one act; every fault of the file is a refusal."""
    act, source, folder, pixels_max = arguments
    try:
        return ACTS[act](Path(source), Path(folder), int(pixels_max))
    except Refused as refusal:
        return {"refused": str(refusal)}
    except Image.DecompressionBombError:
        return {"refused": "media.pixels"}
    except (
        *(UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, MemoryError),
        *(zipfile.BadZipFile, NotImplementedError, RuntimeError, KeyError, OverflowError),
    ):
        return {"refused": "media.broken"}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(cast(Any, main(sys.argv[1:]))))
