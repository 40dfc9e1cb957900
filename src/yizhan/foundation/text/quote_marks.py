"""How mail programs announce the mail they answer, line by line: dividers, header blocks, "On … wrote:"."""

import re

_MAX_LINE = 1_000  # longer lines are never a marker

_DIVIDER = re.compile(
    r"[-_—－–=*~\s>|]{2,}(?:回复的)?(?:原始?邮件(?:信息)?|原信|原始(?:郵件|訊息|信息)|原始郵件|原郵件"
    r"|Original(?: Message| Email| Mail| Appointment)?"
    r"|Replied Message|Reply Message|Ursprüngliche Nachricht|Message d'origine|Mensaje original|Messaggio originale"
    r"|Mensagem original|Исходное сообщение|元のメッセージ|원본 메(?:시|세)지)\s?[-_—－–=*~\s|]{2,}",
    re.I,
)
_FORWARD = re.compile(
    r"(?:[-_—－–=*\s>]{2,}(?:Forwarded message|转发(?:的)?邮件(?:信息)?|轉寄(?:的)?郵件|轉寄的?訊息"
    r"|Forwarded by .{1,80}"
    r"|Weitergeleitete Nachricht|Message transféré|Mensaje reenviado)[-_—－–=*\s]*"
    r"|\s*(?:Begin forwarded message|开始转发的?邮件|以下是转发的邮件|下面是被?转发的?邮件|開始轉寄郵件)\s*[:：]\s*)",
    re.I,
)
_LABELS = {
    "from": r"发件人|寄件者|寄件人|發件人|From|Von|De|Da|От|差出人|보낸 ?사람",
    "date": (
        r"发送时间|发送日期|日期|时间|寄件日期|傳送時間|發送時間|傳送日期|Sent|Date|Gesendet|Envoyé|Enviado"
        r"|Inviato|Datum|Отправлено|送信日時|날짜"
    ),
    "to": r"收件人|收件者|抄送|密送|副本|To|Cc|Bcc|An|À|Para|A|Кому|宛先|받는 ?사람",
    "subject": r"主题|主旨|主題|标题|Subject|Betreff|Objet|Asunto|Oggetto|Тема|件名|제목",
}
_LABEL = re.compile(
    r"[\s>*|_]*(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _LABELS.items()) + r")[\s*_|]*[:：|][\s*]*",
    re.I,
)
_HEADER_WINDOW = 8

_WROTE = re.compile(
    r"(?:写道|寫道|写到|wrote|writes|schrieb|a écrit|escribió|ha scritto|escreveu|написал(?:\(?а\)?)?"
    r"|さんは書きました|작성)"
    r"[^:：\n]{0,80}[:：]\s*$|^(?:On|At)\s.{6,240}wrote\s*[:：]?\s*$",
    re.I,
)
_WHEN_OR_WHO = re.compile(
    r"\d{1,2}[:：点時时]\d{2}|\d{4}\s?[年/.\-]\s?\d{1,2}|[^\s@<>]+@[^\s@<>]+\.[a-z]{2,}"
    r"|\d{1,2}\s+\w{3,9}\.?,?\s+\d{4}",
    re.I,
)
_ATTRIBUTION_LINES = 4
_ATTRIBUTION_LENGTH = 320
_ATTRIBUTION_START = re.compile(
    r"[\s*_]*(?:On\s|At\s|在|於|于|Le\s|Am\s|El\s|Il\s|Em\s|\d{4}\s?[年/.\-]|\d{1,2}[./]\d"
    r"|[\"'“<]?[^\s<>]{1,40}[\"'”]?\s*<?[^\s@<>]+@|.{1,60}[于於]\s?\d{4})"
)
QUOTED_LINE = re.compile(r"\s*[>＞]")
RULE = re.compile(r"\s*[-_—－=*]{5,}\s*$")


def is_forward(line: str) -> bool:
    """From here on it is mail the customer passes on for us to read."""
    return _FORWARD.fullmatch(_short(line)) is not None


def opens_answered_mail(lines: list[str], at: int) -> bool:
    """A divider or a header block: everything from here on is the answered mail."""
    return _DIVIDER.fullmatch(_short(lines[at])) is not None or _is_header_block(lines, at)


def _is_header_block(lines: list[str], at: int) -> bool:
    """发件人/发送时间/收件人/主题 close together; a delivery address has 收件人 alone."""
    if not _LABEL.match(lines[at][:_MAX_LINE]):
        return False
    seen: set[str] = set()
    for line in lines[at : at + _HEADER_WINDOW]:
        label = _LABEL.match(line[:_MAX_LINE])
        if label and label.lastgroup:
            seen.add(label.lastgroup)
    return "from" in seen and len(seen) >= 3


def attribution(lines: list[str], at: int) -> int:
    """How many lines from `at` say "On … wrote:"; 0 when they do not."""
    first = lines[at][:_MAX_LINE]
    if not _ATTRIBUTION_START.match(first) or QUOTED_LINE.match(first):
        return 0
    joined = ""
    for count, line in enumerate(lines[at : at + _ATTRIBUTION_LINES], start=1):
        joined = f"{joined} {line.strip()}".strip()
        if not line.strip() or len(joined) > _ATTRIBUTION_LENGTH:
            return 0
        if _WROTE.search(joined):
            return count if _WHEN_OR_WHO.search(joined) else 0
    return 0


def _short(line: str) -> str:
    return line[:_MAX_LINE].replace("\xa0", " ")
