"""What is written in the summer: by whom, of whom, and only while the page of the summer is not made."""

from records.models.guards.words import CLOSED, LAST_TERMS, TODAY
from records.rules import signoff, summer

SUMMER = f"""
CREATE OR REPLACE FUNCTION records_teaches_subject(person bigint, class bigint, taught text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM schools_teachingassignment t JOIN schools_subject s ON s.id = t.subject_id
        WHERE t.school_class_id = class AND s.code = taught AND t.starts_on <= {TODAY} AND (t.ends_on IS NULL OR t.ends_on > {TODAY})
        AND (t.teacher_id = person OR EXISTS (
            SELECT FROM schools_assignmentgrant g JOIN schools_delegation d ON d.id = g.delegation_id
            WHERE g.user_id = person AND g.content_object_id = t.id AND d.revoked_at IS NULL
            AND d.starts_at <= clock_timestamp() AND d.ends_at > clock_timestamp())))
$$;

CREATE OR REPLACE FUNCTION records_summer_pattern(about text, class schools_schoolclass, of_subject text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE about
        WHEN '{summer.SUBJECT}' THEN CASE
            (SELECT c.kind FROM schools_curriculumsubject c JOIN schools_subject s ON s.id = c.subject_id
             WHERE s.code = of_subject AND c.rule_set = class.rule_set AND c.grade_level = class.grade_level)
            WHEN 'DIEM' THEN '^(|10\\.0|[0-9]\\.[0-9])$' WHEN 'NHAN_XET' THEN '^(|D|CD)$' WHEN 'MUC' THEN '^[THC]?$' ELSE '^$' END
        WHEN '{summer.TEST}' THEN '^(|10|[0-9])$'
        WHEN '{summer.QUALITY}' THEN '^[TDC]?$'
        WHEN '{summer.TRAINING}' THEN '^(|TOT|KHA|DAT|CHUA_DAT)$'
        WHEN '{summer.DECISION}' THEN '^(|{"|".join(summer.DECISIONS)})$'
        ELSE '' END
$$;

CREATE OR REPLACE FUNCTION records_guard_summer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held records_classperiod;
    class schools_schoolclass;
    made records_pageversion;
BEGIN
    SELECT c.* INTO held FROM records_classperiod c JOIN schools_period p ON p.id = c.period_id
        WHERE c.id = NEW.class_period_id AND p.code IN ({LAST_TERMS}) AND c.state IN ({CLOSED});
    SELECT * INTO class FROM schools_schoolclass WHERE id = held.school_class_id;
    SELECT v.* INTO made FROM records_pageversion v JOIN records_bookpage b ON b.id = v.page_id
        WHERE b.student_id = NEW.student_id AND v.class_period_id = NEW.class_period_id AND v.kind = 'HE' AND v.state <> '{signoff.WITHDRAWN}';
    IF held.id IS NULL OR (held.school_class_id, held.school_id, held.school_year_id) IS DISTINCT FROM (NEW.school_class_id, NEW.school_id, NEW.school_year_id) THEN
        PERFORM records_refuse('the summer follows a year that the principal has approved');
    ELSIF NOT EXISTS (SELECT FROM records_yearrecord y WHERE y.student_id = NEW.student_id AND y.school_class_id = class.id
                      AND y.promotion IN ('REN_LUYEN_HE', 'DANH_GIA_LAI', 'HOI_DONG', 'DANH_GIA_BO_SUNG')) THEN
        PERFORM records_refuse('the year of this student does not wait for the summer');
    ELSIF EXISTS (SELECT FROM schools_schoolyear y WHERE y.id = NEW.school_year_id AND y.closed_at IS NOT NULL) THEN
        PERFORM records_refuse('the school year is closed');
    ELSIF NEW.kind IN ('LAP_TRANG', 'TRA_LAI') AND made.id IS DISTINCT FROM NEW.version_id THEN
        PERFORM records_refuse('that is not the page of this summer');
    ELSIF NEW.kind = 'TRA_LAI' AND made.state NOT IN ('{signoff.PREPARED}', '{signoff.BY_HOMEROOM}') THEN
        PERFORM records_refuse('the principal has signed this page');
    ELSIF NEW.kind NOT IN ('LAP_TRANG', 'TRA_LAI') AND made.id IS NOT NULL THEN
        PERFORM records_refuse('the page of this summer has been made: nothing is written any more');
    ELSIF NOT (CASE
            WHEN NEW.kind IN ('{summer.DECISION}', 'TRA_LAI') THEN records_holds_role(NEW.by_id, '{signoff.PRINCIPAL}', class.id, NEW.school_id)
            WHEN NEW.kind IN ('{summer.SUBJECT}', '{summer.TEST}') THEN records_teaches_subject(NEW.by_id, class.id, NEW.code)
            ELSE records_holds_role(NEW.by_id, '{signoff.HOMEROOM}', class.id, NEW.school_id) END) THEN
        PERFORM records_refuse('this is not for this person to write');
    ELSIF NOT records_says_for_whom(NEW.by_id, NEW.delegation_id,
            CASE WHEN NEW.kind IN ('{summer.DECISION}', 'TRA_LAI') THEN '{signoff.PRINCIPAL}' ELSE '' END, NEW.school_id) THEN
        PERFORM records_refuse('who acts for the principal names the delegation, and nobody else does');
    ELSIF NEW.kind IN ('{summer.SUBJECT}', '{summer.TEST}', '{summer.QUALITY}', '{summer.TRAINING}') AND NOT EXISTS (
            SELECT FROM schools_period p WHERE p.school_year_id = NEW.school_year_id AND p.code = 'HE'
            AND p.level = CASE WHEN class.grade_level < 6 THEN 'TIEU_HOC' WHEN class.grade_level < 10 THEN 'THCS' ELSE 'THPT' END
            AND records_window_is_open(NEW.school_id, p.id)) THEN
        PERFORM records_refuse('no entry window of the summer is open');
    ELSIF NEW.kind NOT IN ('LAP_TRANG', 'TRA_LAI') AND NEW.value !~ records_summer_pattern(NEW.kind, class, NEW.code) THEN
        PERFORM records_refuse('a value does not fit what it is about');
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER guard BEFORE INSERT ON records_summerentry FOR EACH ROW EXECUTE FUNCTION records_guard_summer();
"""

DROP_SUMMER = """
DROP TRIGGER guard ON records_summerentry;
DROP FUNCTION records_guard_summer(), records_teaches_subject(bigint, bigint, text),
    records_summer_pattern(text, schools_schoolclass, text);
"""
