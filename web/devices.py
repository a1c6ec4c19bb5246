"""What a person is told of a browser that is signed in: its kind and its machine's, no more.

The rest of a User-Agent would tell one device from all others, so it is not kept.
"""

BROWSERS = (
    ("edg", "Edge"),
    ("opr/", "Opera"),
    ("firefox", "Firefox"),
    ("fxios", "Firefox"),
    ("crios", "Chrome"),
    ("chrom", "Chrome"),
    ("safari", "Safari"),
)
MACHINES = (
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("android", "Android"),
    ("cros", "ChromeOS"),
    ("windows", "Windows"),
    ("mac os", "Mac"),
    ("linux", "Linux"),
)


def device_of(user_agent: str) -> str:
    """`Firefox, Android`, one of the two, or nothing when neither is known."""
    text = user_agent[:500].lower()
    found = [
        next((name for mark, name in known if mark in text), "") for known in (BROWSERS, MACHINES)
    ]
    return ", ".join(name for name in found if name)
