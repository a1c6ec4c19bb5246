"""QR codes drawn into a page: dark on light in every theme."""

import segno
from markupsafe import Markup


def qr_drawing(text: str) -> Markup:
    """A QR code as inline SVG, coloured by attributes alone, so that no style is needed."""
    made = segno.make(text, error="m", micro=False)
    # segno writes digits and path commands only: nothing of the text stands in the drawing.
    return Markup(  # noqa: S704
        made.svg_inline(
            border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None
        )
    )
