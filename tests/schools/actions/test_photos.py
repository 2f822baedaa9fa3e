"""A photograph is drawn anew from what was uploaded, whatever its name said."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from schools.actions.photos import LARGEST_FILE, photo_of, photo_storage, set_photo
from schools.actions.refusals import NotAllowed, Refused
from schools.models import HistoryPayload, Student


@pytest.fixture(autouse=True)
def private_folder(settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    return tmp_path


def picture(form="JPEG", size=(900, 1200), mode="RGB", **options):
    out = BytesIO()
    Image.new(mode, size, 128 if mode in {"L", "P", "I;16"} else None).save(out, form, **options)
    return out.getvalue()


def bomb(width=60_000, height=60_000):
    """A PNG of a few bytes that claims, and would unpack to, 3.6 thousand million points."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def opened(student):
    return Image.open(BytesIO(photo_of(student)))


def test_photo_is_stored_as_jpeg_within_its_size(cast):
    student = set_photo(by=cast.clerk, student=cast.student, upload=picture("PNG", (1200, 1600)))
    image = opened(student)
    assert (image.format, image.size) == ("JPEG", (600, 800))
    entry = HistoryPayload.objects.filter(student=cast.student).latest("id")
    assert (entry.entry.action, entry.payload["changes"]) == ("set_photo", {"photo": ["", student.photo]})


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_png_is_taken(cast, mode):
    assert opened(set_photo(by=cast.clerk, student=cast.student, upload=picture("PNG", (90, 120), mode))).mode == "RGB"


def test_cmyk_jpeg_is_taken(cast):
    assert opened(set_photo(by=cast.clerk, student=cast.student, upload=picture(mode="CMYK"))).mode == "RGB"


def test_metadata_is_gone_and_the_picture_upright(cast):
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010E] = "chụp tại nhà em Minh Anh"
    student = set_photo(by=cast.clerk, student=cast.student, upload=picture(size=(400, 300), exif=exif.tobytes()))
    image = opened(student)
    assert (dict(image.getexif()), image.size) == ({}, (300, 400))
    assert b"Minh Anh" not in photo_of(student)


def test_name_cannot_be_guessed_and_the_old_photo_is_kept(cast, private_folder):
    first = set_photo(by=cast.clerk, student=cast.student, upload=picture())
    second = set_photo(by=cast.clerk, student=cast.student, upload=picture(size=(30, 40)))
    assert first.photo != second.photo
    assert photo_storage().exists(first.photo)
    assert cast.student.student_code not in second.photo
    assert len(second.photo.removeprefix("photos/").removesuffix(".jpg")) == 32
    assert (private_folder / second.photo).stat().st_mode & 0o777 == 0o600
    assert (private_folder / "photos").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "upload",
    [
        b"",
        b"<html><script>alert(1)</script></html>",
        b"\xff\xd8\xff\xe0" + b"<script>alert(1)</script>" * 10,
        picture("GIF", (30, 40)),
        picture("WEBP", (30, 40)),
        picture("BMP", (30, 40)),
        picture()[:400],
        picture("PNG", (30, 40))[:60],
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"%PDF-1.7",
    ],
    ids=["empty", "html", "html-as-jpeg", "gif", "webp", "bmp", "torn-jpeg", "torn-png", "svg", "pdf"],
)
def test_what_is_no_picture_is_refused(cast, upload):
    with pytest.raises(Refused, match="không phải ảnh JPEG hoặc PNG"):
        set_photo(by=cast.clerk, student=cast.student, upload=upload)
    assert Student.objects.get(pk=cast.student.pk).photo == ""


@pytest.mark.parametrize("size", [(60_000, 60_000), (10_000, 10_000), (5_000, 4_000)])
def test_image_bomb_is_refused_before_it_unpacks(cast, size):
    with pytest.raises(Refused, match="triệu điểm"):
        set_photo(by=cast.clerk, student=cast.student, upload=bomb(*size))


def test_heavy_file_is_refused(cast):
    with pytest.raises(Refused, match="2 MB"):
        set_photo(by=cast.clerk, student=cast.student, upload=picture() + bytes(LARGEST_FILE))


@pytest.mark.parametrize("size", [(4000, 100), (400, 300), (100, 400), (600, 600), (1, 1)])
def test_picture_of_another_shape_is_refused(cast, size):
    with pytest.raises(Refused, match=f"cao {size[1]} điểm: không phải khổ 3×4"):
        set_photo(by=cast.clerk, student=cast.student, upload=picture(size=size))
    assert Student.objects.get(pk=cast.student.pk).photo == ""


@pytest.mark.parametrize("person", ["other_clerk", "homeroom_teacher", "principal", "parent", "province_admin"])
def test_photo_is_set_by_no_other_than_the_clerk(cast, person, private_folder):
    with pytest.raises(NotAllowed):
        set_photo(by=getattr(cast, person), student=cast.student, upload=picture())
    assert list(private_folder.iterdir()) == []
