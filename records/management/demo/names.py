"""Plausible Vietnamese names. The same random source gives the same people."""

from random import Random

FAMILY = (
    ("Nguyễn", 38), ("Trần", 12), ("Lê", 10), ("Phạm", 7), ("Hoàng", 5), ("Huỳnh", 4), ("Phan", 4), ("Vũ", 4),
    ("Võ", 3), ("Đặng", 3), ("Bùi", 3), ("Đỗ", 2), ("Hồ", 2), ("Ngô", 2), ("Dương", 1), ("Lý", 1), ("Đinh", 1),
)  # fmt: skip
MIDDLE = {
    "NAM": ("Văn", "Minh", "Gia", "Quốc", "Đức", "Hoàng", "Bảo", "Thành", "Hữu", "Công", "Anh", "Nhật"),
    "NU": ("Thị", "Ngọc", "Bảo", "Minh", "Gia", "Thùy", "Phương", "Khánh", "Thanh", "Mai", "Diệu", "Quỳnh"),
}
GIVEN = {
    "NAM": (
        "An", "Anh", "Bách", "Bình", "Cường", "Dũng", "Duy", "Đạt", "Đức", "Hải", "Hiếu", "Hoàng", "Huy", "Hưng",
        "Khang", "Khánh", "Khoa", "Kiên", "Lâm", "Long", "Lộc", "Minh", "Nam", "Nghĩa", "Phong", "Phúc", "Quân",
        "Quang", "Sơn", "Tâm", "Thắng", "Thịnh", "Tiến", "Trí", "Trung", "Tuấn", "Tùng", "Việt", "Vinh",
    ),
    "NU": (
        "An", "Anh", "Ánh", "Ân", "Bích", "Châu", "Chi", "Diệp", "Dung", "Duyên", "Đan", "Giang", "Hà", "Hân", "Hằng",
        "Hiền", "Hoa", "Hương", "Khuê", "Lam", "Lan", "Linh", "Ly", "Mai", "My", "Nga", "Ngân", "Nhi", "Như", "Oanh",
        "Phương", "Quyên", "Quỳnh", "Tâm", "Thảo", "Thư", "Trang", "Trâm", "Uyên", "Vân", "Vy", "Xuân", "Yến",
    ),
}  # fmt: skip
STREETS = ("Lê Lợi", "Trần Phú", "Nguyễn Huệ", "Quang Trung", "Hai Bà Trưng", "Lý Thường Kiệt", "Phan Đình Phùng")
PROVINCES = ("Hà Nội", "Thanh Hóa", "Nghệ An", "Huế", "Đà Nẵng", "Lâm Đồng", "Cần Thơ", "An Giang")
OCCUPATIONS = ("Nông dân", "Công nhân", "Buôn bán", "Giáo viên", "Lái xe", "Kĩ sư", "Y tá", "Thợ may", "Nội trợ")


def family_name(rng: Random) -> str:
    return rng.choices([name for name, _ in FAMILY], [weight for _, weight in FAMILY])[0]


def person(rng: Random, gender: str, family: str | None = None) -> str:
    return f"{family or family_name(rng)} {rng.choice(MIDDLE[gender])} {rng.choice(GIVEN[gender])}"


def gender(rng: Random) -> str:
    return rng.choice(("NAM", "NU"))


def address(rng: Random, commune: str) -> str:
    return f"Số {rng.randint(1, 240)} đường {rng.choice(STREETS)}, {commune}, Tỉnh Mẫu"
