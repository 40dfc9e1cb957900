"""HTML from outside: what may be shown, and what it says as plain text.

Nothing in a sanitised mail loads by itself: remote pictures keep their address in `data-remote-src` until the
reader asks for them, `cid:` pictures get the address of our own attachment or wait in `data-cid`.
"""

import html as entities
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from urllib.parse import unquote


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_BLOCKS = _names(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tr ul"
)
_PARAGRAPHS = _names("p h1 h2 h3 h4 h5 h6 ul ol table blockquote pre")
_SILENT = _names("head script style title template noscript object iframe svg math textarea select")

_TAGS = _names(
    "a abbr b big blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption "
    "figure font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp section small span strike strong sub "
    "summary sup table tbody td tfoot th thead time tr tt u ul var wbr"
)
_DROPPED_WITH_CONTENT = frozenset(_SILENT - {"head", "object"})
_ATTRIBUTES = {
    "*": {"align", "dir", "lang", "style", "title", "valign"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "font": {"color", "size", "face"},
    "ol": {"start", "type"},
    "table": {"border", "cellpadding", "cellspacing", "width", "bgcolor"},
    "td": {"colspan", "rowspan", "width", "bgcolor"},
    "th": {"colspan", "rowspan", "width", "bgcolor"},
}
_MAX_DEPTH = 200
_NESTING = re.compile(
    r"<(/?)(?:div|blockquote|section|article|aside|center|details|summary|dl|dir|menu|fieldset|figure|figcaption|footer"
    r"|header|hgroup|main|nav|address|search|dialog|ol|ul|pre|listing|form|button|object|marquee|applet)(?![\w-])",
    re.I,
)
# Marks of the reader: an empty line, a new line, a new cell; never in the text itself.
_GAP, _LINE, _CELL = "\x01", "\x02", "\x03"
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\u200b\u2060\ufeff\u00ad]")
# No position, size of the viewport, visibility or anything that takes an address.
_STYLES = _names(
    "background-color border border-bottom border-collapse border-left border-right border-top color font-family "
    "font-size font-style font-weight line-height list-style-type margin-left padding padding-left text-align "
    "text-decoration text-indent vertical-align white-space width"
)
_UNSAFE_STYLE = re.compile(r"\\|url\s*\(|expression\s*\(|image\s*\(|image-set|var\s*\(|/\*", re.I)
_LINK = re.compile(r"(?:https?|mailto|tel):", re.I)
_DATA_IMAGE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*\Z", re.I)

# nh3 writes attributes as name="value" with quotes escaped, so its own output can be read by a simple expression.
_IMAGE = re.compile(r"<img((?: [a-z-]+=\"[^\"]*\")*)>")
_ATTRIBUTE = re.compile(r" ([a-z-]+)=\"([^\"]*)\"")


def sanitize(html: str, inline: Mapping[str, str] | None = None) -> str:
    """`html` reduced to what cannot act: no scripts, forms, positions or remote loading.

    `inline` maps a Content-ID (without <>) to the address of the stored attachment.
    """
    safe = _cleaned(html, _ATTRIBUTES)
    return _IMAGE.sub(lambda image: _tame_image(image[1], inline or {}), safe)


def well_formed(html: str) -> str:
    """`html` made safe and with every element closed, but with the classes and ids by which quotes are known."""
    return _cleaned(html, _ATTRIBUTES | {"*": _ATTRIBUTES["*"] | {"class", "id", "type"}})


def content_ids(html: str) -> list[str]:
    """The Content-IDs a mail shows inside its text, in order: these parts are pictures, not attachments."""
    found = re.findall(r"""["'(\s=]cid:([^"'\s>)]+)""", html, re.I)
    return list(dict.fromkeys(unquote(entities.unescape(cid)) for cid in found))


def to_text(html: str) -> str:
    """What a reader would see, as lines: lists with bullets, links with their address, pictures by their alt text."""
    # Cleaning closes what was left open; without it one missing </style> would hide the rest of the mail.
    reader = _Reader()
    reader.feed(_cleaned(html, {"a": {"href"}, "img": {"alt"}}))
    reader.close()
    return reader.text()


def _cleaned(html: str, attributes: dict[str, set[str]]) -> str:
    import nh3

    return nh3.clean(
        _flattened(html),
        tags=set(_TAGS),
        clean_content_tags=set(_DROPPED_WITH_CONTENT),
        attributes=attributes,
        attribute_filter=_keep_attribute,
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
        url_relative="deny",
        filter_style_properties=set(_STYLES),
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


def _flattened(html: str) -> str:
    """Blocks nested deeper than 200 become spans: parsing deep blocks costs the square of their depth."""
    if sum(1 for _ in _NESTING.finditer(html)) <= _MAX_DEPTH:
        return html
    depth = 0

    def rename(tag: re.Match[str]) -> str:
        nonlocal depth
        deep = depth > _MAX_DEPTH if tag[1] else depth >= _MAX_DEPTH
        depth = max(0, depth + (-1 if tag[1] else 1))
        return f"<{tag[1]}span" if deep else tag[0]

    return _NESTING.sub(rename, html)


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    if name == "style":
        return None if _UNSAFE_STYLE.search(value) else value
    if tag == "a" and name == "href":
        return value if _LINK.match(value.strip()) else None
    if tag == "img" and name == "src" and value.lstrip()[:5].lower() == "data:":
        return value if _DATA_IMAGE.match(value) else None
    return value


def _tame_image(attributes: str, inline: Mapping[str, str]) -> str:
    tamed = []
    for name, value in _ATTRIBUTE.findall(attributes):
        if name != "src" or value[:5].lower() == "data:":
            tamed.append((name, value))
        elif value[:4].lower() == "cid:":
            cid = unquote(entities.unescape(value[4:]))
            stored = inline.get(cid)
            tamed.append(("src", entities.escape(stored)) if stored else ("data-cid", entities.escape(cid)))
        else:
            tamed.append(("data-remote-src", value))
    return "<img" + "".join(f' {name}="{value}"' for name, value in tamed) + ">"


class _Reader(HTMLParser):
    """Collects text from clean HTML with the line breaks its blocks imply."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._pre = 0
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._parts.append("\n")
        elif tag in _BLOCKS:
            self._break(tag)
            self._parts.append({"li": "- ", "hr": f"----{_LINE}"}.get(tag, ""))
        elif tag in ("td", "th"):
            self._parts.append(_CELL)
        elif tag == "img":
            alt = (dict(attrs).get("alt") or "").strip()
            self._parts.append(f"[{alt}]" if alt else "")
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self._parts)))
        self._pre += tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._break(tag)
        elif tag == "a" and self._links:
            self._close_link(*self._links.pop())
        self._pre -= tag == "pre"

    def handle_data(self, data: str) -> None:
        text = _UNSEEN.sub("", data)
        self._parts.append(text.replace(" ", "\xa0") if self._pre else re.sub(r"[ \t\r\n\f]+", " ", text))

    def text(self) -> str:
        pieces = re.split(f"([\n{_LINE}{_GAP}])", "".join(self._parts))
        lines: list[str] = []
        for mark, piece in zip(["\n", *pieces[1::2]], pieces[::2], strict=True):
            if mark == _GAP and lines and lines[-1]:
                lines.append("")
            # A block's own break adds no second line where one just ended.
            cells = [cell.strip(" ") for cell in piece.split(_CELL)]
            line = "\t".join(cell for cell in cells if cell).replace("\xa0", " ").rstrip()
            if line or (mark == "\n" and lines and lines[-1]):
                lines.append(line)
        return "\n".join(lines).strip("\n")

    def _break(self, tag: str) -> None:
        self._parts.append(_GAP if tag in _PARAGRAPHS else _LINE)

    def _close_link(self, href: str, opened_at: int) -> None:
        shown = "".join(self._parts[opened_at:]).strip()
        if href[:4].lower() == "http" and shown and shown.rstrip("/") != href.strip().rstrip("/"):
            self._parts.append(f" ({href.strip()})")
