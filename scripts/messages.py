"""Writes hocbaso/locale/vi/LC_MESSAGES/django.mo from the .po beside it. The output is committed, and a test compares
the two: nobody who runs this program needs gettext.

Of the format only what the catalogue uses is read: comments, msgid, msgid_plural, msgstr, msgstr[0], texts over
several lines. Anything else is an error. The .mo is the classic one (GNU gettext, “The Format of GNU MO Files”).

    .venv/bin/python scripts/messages.py
"""

import ast
import struct
from pathlib import Path

CATALOGUE = Path(__file__).resolve().parent.parent / "hocbaso" / "locale" / "vi" / "LC_MESSAGES" / "django.po"
KEYWORDS = ("msgid_plural", "msgid", "msgstr[0]", "msgstr")


def read(text: str) -> dict[str, str]:
    """msgid → msgstr; a plural stands under both its forms with a NUL between them, as in the .mo."""
    messages: dict[str, str] = {}
    entry: dict[str, str] = {}
    keyword = ""
    for number, line in enumerate([*text.splitlines(), 'msgid ""'], start=1):
        if not line or line.startswith("#"):
            continue
        if not line.startswith('"'):
            keyword = next((one for one in KEYWORDS if line.startswith(f"{one} ")), "")
            if not keyword:
                raise ValueError(f"line {number} is not understood: {line}")
            if keyword == "msgid" and entry:
                _add(messages, entry)
                entry = {}
            line = line.removeprefix(keyword).strip()
        entry[keyword] = entry.get(keyword, "") + ast.literal_eval(line)
    return messages


def _add(messages: dict[str, str], entry: dict[str, str]) -> None:
    key = "\0".join([entry["msgid"], *([entry["msgid_plural"]] if "msgid_plural" in entry else [])])
    if key in messages:
        raise ValueError(f"twice: {key}")
    messages[key] = entry["msgstr[0]" if "msgid_plural" in entry else "msgstr"]


def compiled(messages: dict[str, str]) -> bytes:
    """The catalogue as gettext reads it: a head, the places of all keys in their order, of all texts, then both."""
    keys = sorted(messages, key=str.encode)
    texts = [key.encode() for key in keys] + [messages[key].encode() for key in keys]
    begin = 28 + 8 * len(texts)
    places, data = b"", b""
    for text in texts:
        places += struct.pack("<II", len(text), begin + len(data))
        data += text + b"\0"
    return struct.pack("<7I", 0x950412DE, 0, len(keys), 28, 28 + 8 * len(keys), 0, begin) + places + data


if __name__ == "__main__":
    CATALOGUE.with_suffix(".mo").write_bytes(compiled(read(CATALOGUE.read_text(encoding="utf-8"))))
