"""The 3×4 photograph of page 1: what is uploaded is never what is stored."""

import uuid
import warnings
from io import BytesIO

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from PIL import ExifTags, Image, ImageOps

from schools.actions.refusals import NotAllowed, Refused
from schools.models import Student, User
from schools.models.recording import recorded
from schools.permissions import may_edit_student
from schools.rules.photos import why_not_three_by_four

LARGEST_FILE = 2 * 1024 * 1024
LARGEST_PICTURE = 16_000_000  # pixels: a telephone's photograph; more takes too much memory to open
SIZE = (600, 800)
LYING = frozenset({5, 6, 7, 8})  # orientations of EXIF in which width and height change places


def set_photo(*, by: User, student: Student, upload: bytes) -> Student:
    """Store a JPEG or PNG as the student's photograph: drawn anew as JPEG, upright, at most 600×800, without metadata.
    The one before stays on the disk, named in the history. NotAllowed; Refused when it is no picture, too large or not
    of 3×4."""
    if not may_edit_student(by, student):
        raise NotAllowed
    picture = redrawn(upload)
    storage = photo_storage()
    # The name says nothing about the student and cannot be guessed; the folder is never served.
    name = storage.save(f"photos/{uuid.uuid4().hex}.jpg", ContentFile(picture))
    try:
        with recorded(by, "set_photo", chains=[("SCHOOL", student.school_id)]):
            current = Student.objects.select_for_update().select_related("school").get(pk=student.pk)
            if not may_edit_student(by, current):
                raise NotAllowed
            current.photo = name
            current.save(update_fields=["photo"])
    except BaseException:
        storage.delete(name)
        raise
    return current


def photo_of(student: Student) -> bytes | None:
    """The stored photograph, or None where there is none."""
    storage = photo_storage()
    if not student.photo or not storage.exists(student.photo):
        return None
    with storage.open(student.photo) as file:
        return file.read()


def photo_storage() -> FileSystemStorage:
    """The private folder of the photographs; only views with the student's permission read it."""
    return FileSystemStorage(
        location=settings.FILES_ROOT, file_permissions_mode=0o600, directory_permissions_mode=0o700
    )


def redrawn(upload: bytes) -> bytes:
    """The picture as a JPEG of at most 600×800. What it is, is asked of the content, never of its name."""
    if len(upload) > LARGEST_FILE:
        raise Refused("Tệp ảnh lớn quá 2 MB. Hãy thu nhỏ ảnh rồi tải lại.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower
            image = Image.open(BytesIO(upload), formats=["JPEG", "PNG"])
        if image.width * image.height > LARGEST_PICTURE:
            raise Refused(_too_large())
        shape = _upright_size(image)
        image.draft("RGB", (SIZE[0] * 2, SIZE[1] * 2))
        upright = ImageOps.exif_transpose(image)
        upright = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except Image.DecompressionBombError as error:
        raise Refused(_too_large()) from error
    except (OSError, ValueError, SyntaxError) as error:  # what Pillow raises on broken or foreign content
        raise Refused("Tệp này không phải ảnh JPEG hoặc PNG đọc được. Hãy chọn tệp ảnh khác.") from error
    if why := why_not_three_by_four(*shape):
        raise Refused(why)
    upright.thumbnail(SIZE)
    paper = Image.new("RGB", upright.size, "white")
    paper.paste(upright, mask=upright.getchannel("A") if upright.mode == "RGBA" else None)
    out = BytesIO()
    paper.save(out, "JPEG", quality=88)
    return out.getvalue()


def _upright_size(image: Image.Image) -> tuple[int, int]:
    """Width and height as uploaded, turned as the camera says."""
    lies = image.getexif().get(ExifTags.Base.Orientation) in LYING
    return (image.height, image.width) if lies else image.size


def _too_large() -> str:
    return f"Ảnh có quá {LARGEST_PICTURE // 1_000_000} triệu điểm. Hãy thu nhỏ ảnh rồi tải lại."
