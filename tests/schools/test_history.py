def test_cast_can_be_made(cast):
    assert str(cast.student) == "Nguyễn Minh Anh"
