"""Files that no customer needs to send us and no agent may open: programs, and archives made to hurt. Pure."""

import io
import re
import zipfile

_PROGRAM = re.compile(
    r"\.(exe|scr|com|bat|cmd|pif|cpl|msi|msp|mst|dll|sys|drv|ocx|js|jse|vbs|vbe|wsf|wsh|wsc|sct|hta|jar|jnlp|lnk|url|"
    r"ps1|psm1|psc1|reg|inf|scf|chm|hlp|iso|img|vhdx?|apk|dmg|pkg|deb|rpm|app|command|gadget|xll|appref-ms|"
    r"settingcontent-ms)"
    r"[\s.]*$",
    re.IGNORECASE,
)
_SIGNS = (  # Windows, Linux, macOS, Java, and a Windows link
    b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"L\x00\x00\x00\x01\x14\x02\x00",
)  # fmt: skip
_ZIP = b"PK\x03\x04"
_MOST_ENTRIES = 10_000
_MOST_UNPACKED = 1024 * 1024 * 1024
_MOST_RATIO = 200
_ALWAYS_FINE = 10_000_000
_NESTED = re.compile(r"\.zip$", re.IGNORECASE)
_MOST_NESTED = 20 * 1024 * 1024
_MOST_DEPTH = 3


def danger_in(name: str, content: bytes) -> str:
    """`executable`, `archive` for one that cannot be looked through or would fill the disk; empty when harmless."""
    return _danger(name, content, 0)


def _danger(name: str, content: bytes, depth: int) -> str:
    if _PROGRAM.search(name) or content.startswith(_SIGNS):
        return "executable"
    if content.startswith(_ZIP):
        return _in_archive(content, depth)
    return ""


def _in_archive(content: bytes, depth: int) -> str:
    """Names are read without unpacking; an archive inside one is looked into while it is small."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            bound = min(_MOST_UNPACKED, _MOST_RATIO * len(content) + _ALWAYS_FINE)
            if len(entries) > _MOST_ENTRIES or unpacked > bound:
                return "archive"
            for entry in entries:
                if _PROGRAM.search(entry.filename):
                    return "executable"
                if _NESTED.search(entry.filename) and entry.file_size <= _MOST_NESTED and not entry.flag_bits & 1:
                    found = "archive" if depth >= _MOST_DEPTH else _danger("", archive.read(entry), depth + 1)
                    if found:
                        return found
    except Exception:  # a broken archive, in any of the ways archives and their decompressors break
        return ""
    return ""
