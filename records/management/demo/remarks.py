"""Remarks as teachers write them: for the good, the fair, and those who need help."""

REMARKS = (
    (
        "Nắm chắc kiến thức, vận dụng linh hoạt.",
        "Tích cực phát biểu, làm bài đầy đủ.",
        "Hiểu bài nhanh, làm bài cẩn thận.",
        "Tự giác, biết giúp đỡ bạn trong giờ học.",
    ),
    (
        "Nắm được kiến thức cơ bản, cần luyện tập thêm.",
        "Có cố gắng, cần mạnh dạn phát biểu hơn.",
        "Chăm chỉ, đôi khi còn thiếu cẩn thận.",
        "Tiến bộ so với đầu năm.",
    ),
    (
        "Cần ôn lại kiến thức cơ bản và làm bài đầy đủ.",
        "Cần tập trung hơn trong giờ học.",
        "Cần chuẩn bị bài kĩ hơn trước khi đến lớp.",
    ),
)
HOMEROOM_REMARKS = (
    (
        "Chăm học, ngoan, hòa đồng với bạn bè, tích cực tham gia hoạt động của lớp.",
        "Có ý thức tự học tốt, gương mẫu, hay giúp đỡ bạn.",
    ),
    (
        "Ngoan, lễ phép, có ý thức vươn lên. Cần mạnh dạn hơn trong giờ học.",
        "Hòa đồng, có trách nhiệm với việc của lớp. Cần đều tay hơn ở các môn tự nhiên.",
    ),
    (
        "Ngoan, nhưng chưa chăm. Cần sự nhắc nhở của gia đình trong việc học ở nhà.",
        "Có tiến bộ về nền nếp. Cần cố gắng hơn trong học tập.",
    ),
)
COMPETENCE_REMARKS = (
    (
        "Tự học tốt, biết chia sẻ và hợp tác với bạn, giải quyết được nhiệm vụ mới.",
        "Mạnh dạn trình bày ý kiến, vận dụng tốt điều đã học.",
    ),
    (
        "Biết hợp tác trong nhóm, cần chủ động hơn khi gặp việc mới.",
        "Thực hiện được nhiệm vụ học tập, cần mạnh dạn trình bày hơn.",
    ),
    (
        "Cần được nhắc nhở khi tự học và làm việc nhóm.",
        "Có tiến bộ trong giao tiếp, cần luyện tập thêm.",
    ),
)
