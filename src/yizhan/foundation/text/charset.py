"""Bytes to text as mail really is: labels lie, gb2312 means gb18030, headers come raw."""

import base64
import binascii
import codecs
import quopri
import re
from collections.abc import Iterator

from yizhan.foundation.text.clean import clean

# What a label means in practice; the superset is always safe to read with.
_MEANT = {
    "gb2312": "gb18030", "gbk": "gb18030", "xgbk": "gb18030", "cp936": "gb18030", "ms936": "gb18030",
    "windows936": "gb18030", "euccn": "gb18030", "xeuccn": "gb18030", "gb231280": "gb18030", "chinese": "gb18030",
    "csgb2312": "gb18030", "gb180302000": "gb18030", "hzgb2312": "hz", "hz": "hz",
    "big5": "big5hkscs", "xbig5": "big5hkscs", "big5eten": "big5hkscs", "cnbig5": "big5hkscs",
    "ksc56011987": "cp949", "ksc5601": "cp949", "ksc56011989": "cp949", "euckr": "cp949", "windows949": "cp949",
    "iso88591": "cp1252", "latin1": "cp1252", "usascii": "", "ascii": "", "ansix341968": "", "8bit": "", "binary": "",
    "unknown": "", "unknown8bit": "", "default": "", "none": "", "": "", "utf7": "", "unicode11utf7": "",
    "iso2022jp": "iso2022_jp_ext", "shiftjis": "cp932", "sjis": "cp932", "xsjis": "cp932", "windows31j": "cp932",
    "utf8": "utf-8", "utf8mb4": "utf-8", "xunknown": "",
}  # fmt: skip
_SECOND_CHOICE = {"big5hkscs": "cp950", "hz": "gb18030", "cp1252": "latin-1"}
_NOT_TEXT = frozenset({"base64", "bz2", "hex", "quopri", "rot13", "uu", "zlib", "idna", "punycode", "utf-7"})
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

# Codec, the standard whose first byte tells how common a character is, its first level.
_CHINESE = (("gb18030", "gb2312", range(0xB0, 0xD8)), ("big5hkscs", "big5", range(0xA4, 0xC7)))
# Left to itself it prefers cp1250 for French and Spanish.
_GUESSABLE = ["cp1252", "cp1251", "koi8_r", "cp932", "euc_jp", "cp949"]

_ENCODED_WORD = re.compile(rb"=\?([^?\s*]*)(?:\*[^?\s]*)?\?([bBqQ])\?([^?]*)\?=")


def decode(content: bytes, label: str | None = None) -> str:
    """Text of `content`; never fails. The label is believed only as far as the bytes agree with it.

    UTF-7 is never decoded: it smuggles markup past filters.
    """
    for bom, codec in _BOMS:
        if content.startswith(bom):
            return clean(content.decode(codec, "replace"))
    for codec in _candidates(label):
        text = _strictly(content, codec)
        if text is not None:
            return clean(text)
    return clean(_sniffed(content, label))


def decode_header(raw: bytes | str) -> str:
    """A header value with its encoded words and raw 8-bit bytes as text.

    Adjacent words of one charset are joined before decoding, since senders cut characters in half.
    """
    octets = raw.encode("utf-8", "surrogateescape") if isinstance(raw, str) else raw
    octets = re.sub(rb"\r?\n(?=[ \t])", b"", octets)
    return "".join(decode(content, charset) for charset, content in _joined(_header_pieces(octets))).strip()


def _candidates(label: str | None) -> Iterator[str]:
    squeezed = re.sub(r"[^a-z0-9]", "", (label or "").lower())
    meant = _MEANT.get(squeezed)
    if meant is None:
        meant = _python_codec(label or "")
    if not meant:
        return
    yield meant
    if second := _SECOND_CHOICE.get(meant):
        yield second


def _python_codec(label: str) -> str:
    try:
        known = codecs.lookup(label.strip().strip("\"'")).name
    except (LookupError, ValueError):
        return ""
    return "" if known in _NOT_TEXT else known


def _strictly(content: bytes, codec: str) -> str | None:
    try:
        return content.decode(codec)
    except (UnicodeError, LookupError):
        return None


def _sniffed(content: bytes, label: str | None) -> str:
    """Strict UTF-8, then Chinese if it reads as Chinese, then what charset-normalizer thinks, then with holes."""
    text = _strictly(content, "utf-8")
    if text is not None:
        return text
    for codec, standard, everyday in _CHINESE:
        text = _strictly(content, codec)
        if text is not None and _reads_as_chinese(text, standard, everyday):
            return text
    guess = _guess(content)
    if guess is not None:
        return guess
    return content.decode(next(_candidates(label), "utf-8"), "replace")


def _reads_as_chinese(text: str, standard: str, everyday: range) -> bool:
    """Most characters outside ASCII are everyday ones: first level of the standard, or its punctuation."""
    foreign = [character for character in text if character > "\x7f"]
    known = 0
    for character in foreign:
        try:
            lead = character.encode(standard)[0]
        except UnicodeEncodeError:
            continue
        known += lead in everyday or lead in (0xA1, 0xA3)
    return known * 10 >= len(foreign) * 7


def _guess(content: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(content[:100_000], cp_isolation=_GUESSABLE).best()
    return None if best is None else _strictly(content, best.encoding)


def _header_pieces(octets: bytes) -> Iterator[tuple[str | None, bytes]]:
    at = 0
    for word in _ENCODED_WORD.finditer(octets):
        between = octets[at : word.start()]
        # White space between two encoded words is only folding.
        if between and not (at and between.isspace()):
            yield None, between
        yield word[1].decode("ascii", "ignore").lower(), _unpacked(word[2].lower(), word[3])
        at = word.end()
    if octets[at:]:
        yield None, octets[at:]


def _joined(pieces: Iterator[tuple[str | None, bytes]]) -> Iterator[tuple[str | None, bytes]]:
    charset: str | None = None
    held = b""
    for piece_charset, content in pieces:
        if held and piece_charset != charset:
            yield charset, held
            held = b""
        charset, held = piece_charset, held + content
    if held:
        yield charset, held


def _unpacked(encoding: bytes, payload: bytes) -> bytes:
    if encoding == b"q":
        return quopri.decodestring(payload.replace(b" ", b"_"), header=True)
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", payload)
    try:
        return base64.b64decode(letters[: len(letters) - (len(letters) % 4 == 1)] + b"===")
    except binascii.Error:
        return payload
