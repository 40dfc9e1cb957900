"""The corpus: raw mails as customers' programs, mailing lists and mail servers really write them."""

from pathlib import Path

from yizhan.channels.email import ParsedMail, parse

CORPUS = Path(__file__).parent / "corpus"


def raw(name: str) -> bytes:
    return (CORPUS / f"{name}.eml").read_bytes()


def mail(name: str) -> ParsedMail:
    return parse(raw(name))


def names() -> list[str]:
    return sorted(path.stem for path in CORPUS.glob("*.eml"))
