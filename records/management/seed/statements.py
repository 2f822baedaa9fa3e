"""The SQL that makes many schools at once: constraints, foreign keys and the guards of the cells stay on; only the history
is written as one opening entry per chain, with the digest of the rows it opens with."""

CLASS_SIZE = 36
CLASSES_A_SCHOOL = 28

# Everything made is found again by ids above those there were before.
BEFORE = """
CREATE TEMP TABLE seed_before ON COMMIT DROP AS
SELECT (SELECT coalesce(max(id), 0) FROM schools_school) AS school, (SELECT coalesce(max(id), 0) FROM schools_user) AS person,
       (SELECT coalesce(max(id), 0) FROM schools_student) AS student, (SELECT coalesce(max(id), 0) FROM schools_schoolclass) AS class,
       (SELECT count(*) FROM schools_school WHERE code LIKE 'S%') AS schools_made,
       (SELECT count(*) FROM schools_student WHERE student_code LIKE '8%') AS students_made
"""

SCHOOLS = """
INSERT INTO schools_school (code, name, levels, is_public, address, commune, province, authority_id)
SELECT 'S' || lpad(n::text, 6, '0'), 'Trường THCS số ' || n, '{THCS}', true, '', commune.name, 'Tỉnh Mẫu', commune.id
FROM seed_before b, generate_series(b.schools_made + 1, b.schools_made + %(schools)s) n,
     (SELECT id, name FROM schools_authority WHERE kind = 'XA' ORDER BY id LIMIT 1) commune;

INSERT INTO schools_schoolclass (name, grade_level, rule_set, school_id, school_year_id)
SELECT (6 + n %% 4) || 'A' || (n / 4 + 1), 6 + n %% 4, 'TT22-2021', s.id, %(year)s
FROM seed_before b JOIN schools_school s ON s.id > b.school CROSS JOIN generate_series(0, %(classes_a_school)s - 1) n
ORDER BY s.id, n LIMIT %(classes)s;

INSERT INTO schools_user (password, full_name, username, staff_code, is_active, school_id)
SELECT '!', 'Giáo viên ' || c.id, 'gvs' || c.id, '', true, c.school_id
FROM seed_before b JOIN schools_schoolclass c ON c.id > b.class;

INSERT INTO schools_roleassignment (starts_on, role, user_id, school_id)
SELECT %(starts_on)s, 'GIAO_VIEN', u.id, u.school_id FROM seed_before b JOIN schools_user u ON u.id > b.person;

INSERT INTO schools_entrywindow (opens_at, closes_at, reason, period_id, school_id)
SELECT now() - interval '1 day', now() + interval '30 days', '', %(period)s, s.id
FROM seed_before b JOIN schools_school s ON s.id > b.school;
"""

PEOPLE = """
CREATE TEMP TABLE seed_class ON COMMIT DROP AS
SELECT c.id, c.school_id, c.grade_level, row_number() OVER (ORDER BY c.id) - 1 AS place, u.id AS teacher_id
FROM seed_before b JOIN schools_schoolclass c ON c.id > b.class JOIN schools_user u ON u.username = 'gvs' || c.id;

INSERT INTO schools_homeroomassignment (starts_on, teacher_id, school_class_id)
SELECT %(starts_on)s, teacher_id, id FROM seed_class;

INSERT INTO schools_student (full_name, student_code, personal_id, personal_id_missing, gender, born_on, birthplace, hometown,
    ethnicity, nationality, address, policy_family, father_name, father_occupation, mother_name, mother_occupation,
    guardian_name, guardian_occupation, registry_number, photo, school_id)
SELECT (ARRAY['Nguyễn','Trần','Lê','Phạm','Hoàng','Huỳnh','Phan','Vũ','Đặng','Bùi'])[1 + n %% 10] || ' '
       || (ARRAY['Minh','Gia','Bảo','Thị','Văn','Ngọc','Đức'])[1 + n %% 7] || ' '
       || (ARRAY['Anh','Bình','Châu','Dũng','Giang','Hân','Khôi','Linh','My','Nhi','Oanh','Phúc','Quân'])[1 + n %% 13],
       '8' || lpad((b.students_made + n)::text, 9, '0'), '998' || lpad((b.students_made + n)::text, 9, '0'), '',
       CASE n %% 2 WHEN 0 THEN 'NAM' ELSE 'NU' END, %(starts_on)s::date - 365 * 13 - (n %% 365)::int, '', '', 'Kinh',
       'Việt Nam', '', '', '', '', '', '', '', '', '', '', c.school_id
FROM seed_before b, generate_series(1, %(students)s) n JOIN seed_class c ON c.place = (n - 1) / %(class_size)s;

CREATE TEMP TABLE seed_student ON COMMIT DROP AS
SELECT s.id, s.school_id, c.id AS class_id, c.grade_level
FROM (SELECT id, school_id, row_number() OVER (ORDER BY id) - 1 AS place FROM schools_student, seed_before b
      WHERE schools_student.id > b.student) s
JOIN seed_class c ON c.place = s.place / %(class_size)s;

INSERT INTO schools_enrolment (starts_on, ending, note, school_class_id, student_id)
SELECT %(starts_on)s, '', '', class_id, id FROM seed_student;
"""

SHEETS = """
CREATE TEMP TABLE seed_subject ON COMMIT DROP AS
SELECT grade_level, subject_id, kind, choice, annual_periods FROM schools_curriculumsubject
WHERE rule_set = 'TT22-2021' AND choice = 'BAT_BUOC' AND grade_level BETWEEN 6 AND 9;

INSERT INTO schools_teachingassignment (starts_on, part, columns, school_class_id, subject_id, teacher_id)
SELECT %(starts_on)s, '', '{}', c.id, k.subject_id, c.teacher_id FROM seed_class c JOIN seed_subject k USING (grade_level);

INSERT INTO schools_subjectenrolment (choice, with_topics, exempt_practice, exempt, individual_plan, decision_number,
    decision_period, school_id, school_year_id, student_id, subject_id)
SELECT k.choice, false, false, false, false, '', '', s.school_id, %(year)s, s.id, k.subject_id
FROM seed_student s JOIN seed_subject k USING (grade_level);

INSERT INTO records_classperiod (columns, change_no, missing, state, period_id, school_id, school_class_id, school_year_id)
SELECT %(homeroom_columns)s, 0, 36 * 4, 'MO', %(period)s, school_id, id, %(year)s FROM seed_class;

INSERT INTO records_periodrecord (cells, last_ops, version, class_period_id, period_id, school_year_id, student_id)
SELECT '{}', '{}', 1, p.id, %(period)s, %(year)s, s.id
FROM seed_student s JOIN records_classperiod p ON p.school_class_id = s.class_id AND p.period_id = %(period)s;

INSERT INTO records_marksheet (columns, change_no, missing, kind, state, period_id, school_id, school_class_id, school_year_id,
    subject_id)
SELECT (%(columns)s::jsonb) -> (k.kind || k.annual_periods), 0, 36, k.kind, 'MO', %(period)s, c.school_id, c.id, %(year)s, k.subject_id
FROM seed_class c JOIN seed_subject k USING (grade_level);
"""

MARKS = """
INSERT INTO records_markrow (cells, last_ops, version, level, period_id, school_year_id, student_id, subject_id, sheet_id)
SELECT CASE m.kind
       WHEN 'DIEM' THEN jsonb_build_object('TX1', (4 + (s.id + m.subject_id) %% 7)::text, 'TX2', (3 + s.id %% 7)::text || '.5',
                                           'GK', (5 + (s.id * 7 + m.subject_id) %% 6)::text)
       ELSE '{"TX1": "D", "TX2": "D", "GK": "D"}' END,
       '{}', 1, '', %(period)s, %(year)s, s.id, m.subject_id, m.id
FROM seed_student s JOIN records_marksheet m ON m.school_class_id = s.class_id AND m.period_id = %(period)s;
"""

# Table, chain, and the chain's key over the row r: as the tables' own triggers have them.
OPENED = (
    ("schools_schoolclass", "CLASS", "r.id", "JOIN seed_class k ON k.id = r.id"),
    ("schools_enrolment", "CLASS", "r.school_class_id", "JOIN seed_class k ON k.id = r.school_class_id"),
    ("schools_teachingassignment", "CLASS", "r.school_class_id", "JOIN seed_class k ON k.id = r.school_class_id"),
    ("schools_homeroomassignment", "CLASS", "r.school_class_id", "JOIN seed_class k ON k.id = r.school_class_id"),
    ("records_classperiod", "CLASS", "r.school_class_id", "JOIN seed_class k ON k.id = r.school_class_id"),
    ("records_marksheet", "CLASS", "r.school_class_id", "JOIN seed_class k ON k.id = r.school_class_id"),
    ("records_periodrecord", "CLASS", "k.class_id", "JOIN seed_student k ON k.id = r.student_id"),
    ("records_markrow", "CLASS", "k.class_id", "JOIN seed_student k ON k.id = r.student_id"),
    ("schools_school", "SCHOOL", "r.id", "JOIN seed_before b ON r.id > b.school"),
    ("schools_user", "SCHOOL", "r.school_id", "JOIN seed_before b ON r.id > b.person"),
    ("schools_roleassignment", "SCHOOL", "r.school_id", "JOIN seed_class k ON k.teacher_id = r.user_id"),
    ("schools_entrywindow", "SCHOOL", "r.school_id", "JOIN seed_before b ON r.school_id > b.school"),
    ("schools_student", "SCHOOL", "r.school_id", "JOIN seed_before b ON r.id > b.student"),
    ("schools_subjectenrolment", "SCHOOL", "r.school_id", "JOIN seed_student k ON k.id = r.student_id"),
)

NOTE_ROWS = """
INSERT INTO seed_opening
SELECT '{kind}', {key}, '{table}', count(*), %(columns)s::jsonb, {digest}
FROM {table} r {join} GROUP BY {key}
"""

OPEN_CHAINS = """
SELECT count(hocbaso_append(kind, key, 'opening', 'I', ARRAY[key], ARRAY[NULL::bigint], ARRAY[payload])) FROM (
    SELECT kind, key, jsonb_build_object('table', 'opening', 'op', 'I', 'id', key, 'student', NULL,
                                         'changes', jsonb_object_agg("table", jsonb_build_object('rows', n, 'columns', columns,
                                                                                            'sha256', digest)))
           AS payload
    FROM seed_opening GROUP BY kind, key ORDER BY kind, key) opened
"""
