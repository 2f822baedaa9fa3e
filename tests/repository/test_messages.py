"""What Django and allauth say is said in Vietnamese: the catalogue is compiled, and has no placeholder of its own."""

import gettext
import importlib.util
import re
from pathlib import Path

import pytest
from django.utils.translation import gettext as translated
from django.utils.translation import ngettext

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "hocbaso" / "locale" / "vi" / "LC_MESSAGES" / "django.po"
PLACE = re.compile(r"%\(\w+\)[sdr]|%[ds]|\{\w+\}")


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("messages", ROOT / "scripts" / "messages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_compiled_catalogue_is_the_written_one(script):
    written = script.read(CATALOGUE.read_text(encoding="utf-8"))
    assert CATALOGUE.with_suffix(".mo").read_bytes() == script.compiled(written), "run scripts/messages.py"
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        read = gettext.GNUTranslations(file)
    assert all(read.ngettext(*key.split("\0"), 2) == text for key, text in written.items() if "\0" in key)
    assert all(read.gettext(key) == text for key, text in written.items() if "\0" not in key and key)


def test_messages_use_no_placeholder_that_is_not_given(script):
    messages = script.read(CATALOGUE.read_text(encoding="utf-8"))
    assert [key for key, text in messages.items() if set(PLACE.findall(text)) - set(PLACE.findall(key))] == []
    assert [key for key, text in messages.items() if not text] == []


def test_frameworks_speak_through_the_catalogue():
    assert translated("This field is required.") == "Ô này bắt buộc: hãy điền hoặc chọn."
    few = "Ensure this value has at most %(limit_value)d character (it has %(show_value)d)."
    many = "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d)."
    assert ngettext(few, many, 3) == "Nhiều nhất %(limit_value)d kí tự (đang có %(show_value)d)."
    assert translated("Incorrect code.") == "Mã không đúng."


@pytest.mark.parametrize(
    ("text", "message"),
    [('msgid "a"\nmsgstr "b"\nmsgid "a"\nmsgstr "c"\n', "twice"), ('msgctxt "x"\n', "line 1 is not understood")],
)
def test_catalogue_that_is_not_understood_is_an_error(script, text, message):
    with pytest.raises(ValueError, match=message):
        script.read(text)
