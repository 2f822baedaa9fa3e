"""The 54 peoples of Việt Nam, as official forms spell them.

Source: Quyết định 121-TCTK/PPCĐ (02/03/1979), the list of the peoples of Việt Nam, in the order of the statistics.
The forms of the record book print whatever the birth certificate says, so the list is an aid, not a limit: what is not
in it is asked about.
"""

from typing import Final

from schools.rules.headings import folded

ETHNICITIES: Final = (
    "Kinh", "Tày", "Thái", "Hoa", "Khmer", "Mường", "Nùng", "Mông", "Dao", "Gia Rai", "Ngái", "Ê Đê", "Ba Na",
    "Xơ Đăng", "Sán Chay", "Cơ Ho", "Chăm", "Sán Dìu", "Hrê", "Mnông", "Raglay", "Xtiêng", "Bru Vân Kiều", "Thổ",
    "Giáy", "Cơ Tu", "Gié Triêng", "Mạ", "Khơ Mú", "Co", "Tà Ôi", "Chơ Ro", "Kháng", "Xinh Mun", "Hà Nhì", "Chu Ru",
    "Lào", "La Chí", "La Ha", "Phù Lá", "La Hủ", "Lự", "Lô Lô", "Chứt", "Mảng", "Pà Thẻn", "Cơ Lao", "Cống", "Bố Y",
    "Si La", "Pu Péo", "Brâu", "Ơ Đu", "Rơ Măm",
)  # fmt: skip
FOREIGNER: Final = "Người nước ngoài"
OFFERED: Final = (*ETHNICITIES, FOREIGNER)
_BY_FOLDED: Final = {folded(name): name for name in OFFERED}


def ethnicity_remark(text: str) -> str:
    """Empty for a people of the list, spelled as there, or a foreigner; else what is odd, with the nearest spelling
    (QĐ 121-TCTK/PPCĐ)."""
    if not text or text in OFFERED:
        return ""
    near = _BY_FOLDED.get(folded(text))
    meant = f"; có phải “{near}”?" if near else f". Người nước ngoài thì ghi “{FOREIGNER}”."
    return f"“{text}” không có trong danh mục 54 dân tộc{meant}"
