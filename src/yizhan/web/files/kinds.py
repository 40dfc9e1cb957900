"""What a file is, by its first bytes: the name and the sender's word decide nothing. Pure."""

PDF = "application/pdf"
INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", PDF})
"""Shown in the page or a tab of their own; everything else is saved."""

_SIGNS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"%PDF-", PDF),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (28, b"Speex   ", "audio/x-speex"),  # in Ogg, whose first page names what it holds
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"#!AMR-WB", "audio/amr-wb"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"#!SILK_V3", "audio/silk"),
    (0, b"\x02#!SILK_V3", "audio/silk"),  # as WeChat and QQ write it
    (8, b"WAVE", "audio/wav"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
)
_BY_NAME = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_UNKNOWN = "application/octet-stream"
_NAME_CHARS = 150


def kind_of(content: bytes, name: str = "") -> str:
    """A name only tells apart what looks the same inside; text that a browser would run stays octets."""
    for offset, sign, kind in _SIGNS:
        if content.startswith(sign, offset):
            suffix = name.rsplit(".", 1)[-1].lower()
            return _BY_NAME.get(suffix, kind) if kind == "application/zip" else kind
    if name.lower().endswith((".txt", ".log", ".csv")) and _is_text(content):
        return "text/plain"
    return _UNKNOWN


def safe_name(name: str) -> str:
    """The last part of a path, without what a header or a file system would trip over."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(char for char in last if char.isprintable() and char not in '<>:"|?*').strip(" .")
    if len(kept) > _NAME_CHARS:
        stem, dot, suffix = kept.rpartition(".")
        kept = (stem[: _NAME_CHARS - 20] + dot + suffix[:19]) if dot else kept[:_NAME_CHARS]
    return kept or "file"


def _is_text(content: bytes) -> bool:
    if b"\0" in content:
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
