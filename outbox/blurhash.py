"""Blurhash: a picture in some thirty characters, shown until the picture is there.

The form is that of https://blurha.sh: 4 by 3 components of a cosine transform in linear light,
in base 83.
"""

import math

ACROSS, DOWN = 4, 3
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"
_LINEAR = [
    value / 255 / 12.92 if value <= 10 else ((value / 255 + 0.055) / 1.055) ** 2.4
    for value in range(256)
]

Colour = tuple[float, float, float]


def blurhash(rgb: bytes, width: int, height: int) -> str:
    """The hash of a picture given as rows of red, green, blue; small ones (32 by 32) are enough."""
    pixels = [
        (_LINEAR[rgb[n]], _LINEAR[rgb[n + 1]], _LINEAR[rgb[n + 2]]) for n in range(0, len(rgb), 3)
    ]
    across = [[math.cos(math.pi * i * x / width) for x in range(width)] for i in range(ACROSS)]
    down = [[math.cos(math.pi * j * y / height) for y in range(height)] for j in range(DOWN)]
    parts = [
        _component(pixels, width, across[i], down[j], 1.0 if i == j == 0 else 2.0)
        for j in range(DOWN)
        for i in range(ACROSS)
    ]
    average, others = parts[0], parts[1:]
    loudest = max(abs(value) for part in others for value in part)
    scale = max(0, min(82, math.floor(loudest * 166 - 0.5)))
    most = (scale + 1) / 166
    red, green, blue = (_to_srgb(value) for value in average)
    text = _digits((ACROSS - 1) + (DOWN - 1) * 9, 1) + _digits(scale, 1)
    text += _digits((red << 16) + (green << 8) + blue, 4)
    return text + "".join(_digits(_quantised(part, most), 2) for part in others)


def _component(
    pixels: list[Colour], width: int, across: list[float], down: list[float], norm: float
) -> Colour:
    red = green = blue = 0.0
    for y, row in enumerate(down):
        for x, column in enumerate(across):
            basis = row * column
            r, g, b = pixels[y * width + x]
            red += basis * r
            green += basis * g
            blue += basis * b
    share = norm / len(pixels)
    return red * share, green * share, blue * share


def _to_srgb(value: float) -> int:
    value = max(0.0, min(1.0, value))
    light = value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    return int(light * 255 + 0.5)


def _quantised(part: Colour, most: float) -> int:
    steps = [
        max(0, min(18, math.floor(math.copysign(math.sqrt(abs(v / most)), v) * 9 + 9.5)))
        for v in part
    ]
    return steps[0] * 19 * 19 + steps[1] * 19 + steps[2]


def _digits(value: int, length: int) -> str:
    return "".join(DIGITS[value // 83 ** (length - n) % 83] for n in range(1, length + 1))
