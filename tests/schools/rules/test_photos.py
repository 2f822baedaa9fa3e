import pytest

from schools.rules.photos import why_not_three_by_four


@pytest.mark.parametrize("size", [(3, 4), (600, 800), (413, 531), (700, 1000), (800, 1000), (354, 472)])
def test_three_by_four_with_some_room(size):
    assert why_not_three_by_four(*size) == ""


@pytest.mark.parametrize("size", [(4000, 100), (400, 300), (100, 100), (699, 1000), (801, 1000), (2, 3), (1, 4000)])
def test_other_shapes_are_told_with_their_size(size):
    assert why_not_three_by_four(*size) == (
        f"Ảnh rộng {size[0]} điểm, cao {size[1]} điểm: không phải khổ 3×4 đứng (chiều rộng bằng 3/4 chiều cao). "
        "Hãy cắt ảnh theo tỉ lệ 3:4 rồi tải lại."
    )
