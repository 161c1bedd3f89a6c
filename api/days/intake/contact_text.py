"""Contacts that people typed into addresses and notes: out of the text, once, when it is read.

Everything later (request, plan, digest, remembered corrections, papers) holds the clean text;
the numbers go where numbers belong, to the order's contact.
"""

import re
from typing import Final

from api.days.intake.phone import Phone, fold_widths, phones_in, read_phone
from routing.domain.orders import Contact

HIDDEN: Final = "****"

_NAME_SHORTEST: Final = 2
"""Characters: a shorter name would tear holes into every address."""
_GAP: Final = r"[\s,;:/|()\[\]<>、。，；：（）【】《》\-—_.*]"
_TITLE: Final = r"(?:先生|女士|小姐|师傅|老师|老板|本人|亲收|代收|签收|收(?!费)|家(?![园具电居乐]))"
_OF_A_PLACE: Final = r"[区县市镇乡村路街道省]"
_DOOR: Final = r"[号室栋楼层户座院村组队店]"
_LABELS: Final = re.compile(
    r"(?:联系人|收货人|收件人|联系电话|联系方式|电话|手机号码|手机号|手机|tel|phone)"
    r"[\s:：.]*(?=$|[\s,;，；、()（）])",
    re.IGNORECASE,
)
_EMPTY_BRACKETS: Final = re.compile(r"[(（\[【][\s,;:，；：、/]*[)）\]】]")
_LONELY_RECEIVER: Final = re.compile(r"[\s,;，；、]+(?:亲收|代收|签收|收)(?=$|[\s,;，；、])")
_FRAYED: Final = " \t,;:/|、，；：-"


def clean_address(text: str, *, name: str) -> str:
    """Take phones and the buyer's name out of an address, with the words that led to them.

    A text without any comes back as it is. Cleaning twice is cleaning once.
    """
    return _until_still(text, name, hidden="")


def clean_note(text: str, *, name: str) -> str:
    """Hide phones and the buyer's name in a note as `****`. Cleaning twice is cleaning once."""
    return _until_still(text, name, hidden=HIDDEN)


def with_numbers_from(contact: Contact | None, *texts: str) -> Contact | None:
    """Give the contact the complete numbers of free texts that it does not have yet.

    The clean texts no longer say them, and the driver may need the neighbour's number.
    """
    known = contact.phone.split(" / ") if contact is not None and contact.phone else []
    for text in texts:
        for start, end in phones_in(text):
            read = read_phone(text[start:end])
            if isinstance(read, Phone) and read.text not in known:
                known.append(read.text)
    if not known:
        return contact
    return Contact(name=contact.name if contact is not None else "", phone=" / ".join(known))


def _until_still(text: str, name: str, *, hidden: str) -> str:
    """Clean until nothing changes: taking a phone out can bring a name to the end of a text.

    Ends: every round that changes anything leaves fewer digits or fewer letters.
    """
    while (cleaned := _once(text, name, hidden=hidden)) != text:
        text = cleaned
    return text


def _once(text: str, name: str, *, hidden: str) -> str:
    spans = sorted({*phones_in(text), *_names_in(text, name)})
    if not spans:
        return text
    if not hidden:
        spans = [(start, _past_title(text, end)) for start, end in spans]
    kept, at = [], 0
    for start, end in spans:
        if start >= at:
            kept += [text[at:start], hidden]
        at = max(at, end)
    joined = "".join((*kept, text[at:]))
    return joined if hidden else _tidied(joined)


def _past_title(text: str, end: int) -> int:
    title = re.compile(rf"\s*{_TITLE}").match(text, end)
    return title.end() if title else end


def _names_in(text: str, name: str) -> list[tuple[int, int]]:
    """Find the buyer's name where it stands as a name: beside a title, a phone or a gap.

    高新 in 郑州市高新区 is a place, whoever is called so.
    """
    name = name.strip()
    if len(name) < _NAME_SHORTEST or not any(char.isalpha() for char in name):
        return []
    marked = fold_widths(text)
    for start, end in phones_in(text):
        marked = marked[:start] + "*" * (end - start) + marked[end:]
    word = re.escape(fold_widths(name))
    titled = rf"{word}(?=\s*{_TITLE}|\s*\*)"
    called = rf"(?:(?<=[找叫给问])|(?<=[系货件]人)|(?<=客户)){word}(?!{_OF_A_PLACE})"
    apart = rf"(?:(?<={_GAP})|(?<={_DOOR})|^){word}(?={_GAP}|$)"
    return [found.span() for found in re.finditer(f"{titled}|{called}|{apart}", marked)]


def _tidied(text: str) -> str:
    text = _EMPTY_BRACKETS.sub("", _LABELS.sub("", text))
    text = re.sub(r"[ \t]{2,}", " ", _LONELY_RECEIVER.sub("", text))
    return text.strip(_FRAYED)
