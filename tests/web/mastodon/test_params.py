import pytest

from federation.errors import Invalid, Malformed, Unsupported
from web.mastodon.params import Params, nest, read_body, read_id, read_query

MULTIPART = "multipart/form-data; boundary=XX"


def multipart(*fields: tuple[str, str]) -> bytes:
    parts = [
        f'--XX\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields
    ]
    return ("".join(parts) + "--XX--\r\n").encode()


async def in_each_form(fields: list[tuple[str, str]], as_json: bytes) -> list[Params]:
    urlencoded = "&".join(f"{name}={value}" for name, value in fields).encode()
    return [
        Params(await read_body("application/x-www-form-urlencoded", urlencoded)),
        Params(await read_body(MULTIPART, multipart(*fields))),
        Params(await read_body("application/json; charset=utf-8", as_json)),
        Params(read_query(urlencoded)),
    ]


async def test_every_form_of_a_body_says_the_same() -> None:
    fields = [
        ("status", "hello"),
        ("sensitive", "true"),
        ("media_ids[]", "1"),
        ("media_ids[]", "2"),
        ("poll[options][]", "a"),
        ("poll[options][]", "b"),
        ("poll[expires_in]", "3600"),
        ("fields_attributes[0][name]", "Ward"),
        ("fields_attributes[0][value]", "East"),
        ("fields_attributes[1][name]", "Night"),
        ("source[privacy]", "private"),
    ]
    as_json = (
        b'{"status":"hello","sensitive":true,"media_ids":["1",2],"poll":{"options":["a","b"],'
        b'"expires_in":3600},"fields_attributes":[{"name":"Ward","value":"East"},'
        b'{"name":"Night"}],"source":{"privacy":"private"}}'
    )
    for params in await in_each_form(fields, as_json):
        assert params.text("status") == "hello"
        assert params.flag("sensitive") is True
        assert params.ids("media_ids") == [1, 2]
        assert params.table("poll").texts("options") == ["a", "b"]
        assert params.table("poll").number("expires_in") == 3600
        rows = params.tables("fields_attributes")
        assert [(row.text("name"), row.text("value")) for row in rows] == [
            ("Ward", "East"),
            ("Night", None),
        ]
        assert params.table("source").choice("privacy", ["private"]) == "private"


def test_lists_of_tables_without_numbers_begin_anew_at_a_name_that_comes_again() -> None:
    pairs = [("k[][word]", "a"), ("k[][whole]", "1"), ("k[][word]", "b")]
    assert nest(pairs) == {"k": [{"word": "a", "whole": "1"}, {"word": "b"}]}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True), ("True", True), ("1", True), ("on", True),
        ("false", False), ("0", False), ("off", False), ("", False),
    ],
)  # fmt: skip
def test_flags_in_all_spellings(text: str, value: bool) -> None:
    assert Params({"x": text}).flag("x") is value
    assert Params({"x": value}).flag("x") is value
    assert Params({}).flag("x") is None


@pytest.mark.parametrize("wrong", [["a"], {"a": "b"}, True])
def test_a_list_or_table_never_stands_for_a_text(wrong: object) -> None:
    with pytest.raises(Invalid) as caught:
        Params({"q": wrong}).text("q")
    assert caught.value.field == "q"
    assert Params({"q": "a"}).text("q") == "a"


@pytest.mark.parametrize("wrong", ["-1", "1.5", "x", "99999999999999999999", "٣"])
def test_numbers_out_of_bounds_are_refused(wrong: str) -> None:
    with pytest.raises(Invalid):
        Params({"n": wrong}).number("n")
    assert Params({"n": "12"}).number("n") == 12


def test_ids_are_decimal_and_fit_the_column() -> None:
    assert read_id("9223372036854775807") == (1 << 63) - 1
    assert read_id("9223372036854775808") is None
    assert read_id("-1") is None
    assert read_id("1e3") is None
    assert read_id("١") is None


def test_a_field_names_itself_with_its_table() -> None:
    with pytest.raises(Invalid) as caught:
        Params({"source": {"privacy": "all"}}).table("source").choice("privacy", ["public"])
    assert caught.value.field == "source[privacy]"


def test_nul_is_in_no_text() -> None:
    with pytest.raises(Invalid):
        Params({"x": "a\0b"}).text("x")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b"[]"),
        ("application/json", b'"\xff"'),
        ("application/x-www-form-urlencoded", b"a=%ff"),
        ("application/x-www-form-urlencoded", b"a[b][c][d][e][f]=1"),
        ("application/x-www-form-urlencoded", b"a=1&a[b]=2"),
        ("application/x-www-form-urlencoded", b"&".join([b"a=1"] * 600)),
        ("multipart/form-data", b"x"),
        (MULTIPART, b"--XX\r\nbroken"),
    ],
)
async def test_what_cannot_be_read_is_malformed(kind: str, body: bytes) -> None:
    with pytest.raises(Malformed):
        await read_body(kind, body)


async def test_other_types_are_unsupported_unless_the_body_is_empty() -> None:
    with pytest.raises(Unsupported):
        await read_body("text/xml", b"<a/>")
    assert await read_body("text/xml", b"") == {}
