"""A verdict about a file as people read it."""

from datetime import date, timedelta, timezone

from hocbaso.lib.vietnamese import short_date
from records.documents.data_element import read_data_element
from records.documents.verify import INVALID, SLOT_WORDS, VALID, SignatureFact, Verdict
from records.documents.words import IN_PLACE

_VIETNAM = timezone(timedelta(hours=7))
_HEADS = {VALID: "HỢP LỆ", INVALID: "KHÔNG HỢP LỆ"}
_KINDS = {"TERM": "kết thúc học kì", "YEAR": "kết thúc năm học", "HE": "sau kì nghỉ hè"}


def told(verdict: Verdict) -> str:
    """What the file is, who signed it and when, what is wrong: Vietnamese text of several lines."""
    lines = [_HEADS.get(verdict.outcome, "KHÔNG PHẢI TỆP HỌC BẠ")]
    lines += _what(verdict)
    lines += [_signature(fact) for fact in verdict.signatures]
    if verdict.outcome == VALID:
        lines.append("Tệp nguyên vẹn từ khi đóng dấu: chữ kí cuối bao trùm toàn bộ tệp.")
    lines += [f"- {reason}" for reason in verdict.reasons]
    return "\n".join(lines)


def _what(verdict: Verdict) -> list[str]:
    if verdict.attachment is None:
        return []
    try:
        facts = read_data_element(verdict.attachment)
    except ValueError as error:
        return [f"Dữ liệu kèm theo không đọc được: {error}"]
    kind = _KINDS.get(facts["LOAI_BAN"], facts["LOAI_BAN"])
    return [
        f"Học bạ của {facts['HO_TEN']}, sinh {_day(facts['NGAY_SINH'])}",
        f"{facts['TEN_TRUONG']}, lớp {facts['LOP']}, năm học {facts['NAM_HOC']}",
        f"Bản số {facts['SO_BAN']} ({kind}), mã {facts['MA_BAN']}, lập {_day(facts['NGAY_LAP'])}",
    ]


def _day(text: str) -> str:
    """The day first, as people write it; what is no day stays as the file has it."""
    try:
        return short_date(date.fromisoformat(text))
    except ValueError:
        return text


def _signature(fact: SignatureFact) -> str:
    when = f"{fact.signed_at.astimezone(_VIETNAM):%H:%M:%S %d/%m/%Y}" if fact.signed_at else "không rõ lúc"
    holds = "còn nguyên giá trị" if fact.holds else "KHÔNG có giá trị"
    of = f" ({fact.organisation})" if fact.organisation != fact.signer else ""
    place = f", {fact.reason[:1].lower()}{fact.reason[1:]}" if fact.reason.startswith(IN_PLACE) else ""
    return f"{SLOT_WORDS.get(fact.slot, fact.slot)}: {fact.signer}{of}{place}, kí {when}: {holds}"
