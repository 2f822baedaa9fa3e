import pytest

from schools.rules.class_sizes import class_size_remark


@pytest.mark.parametrize(("grade", "most"), [(1, 35), (5, 35), (6, 45), (9, 45), (10, 45), (12, 45)])
def test_class_holds_so_many_and_one_more_is_remarked(grade, most):
    assert class_size_remark("A", most, grade) == ""
    assert class_size_remark("A", most + 1, grade) == (
        f"Lớp A sẽ có {most + 1} học sinh; lớp khối {grade} thường không quá {most}."
    )
