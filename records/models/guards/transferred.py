"""Results brought from another school: what may be written down, and that nothing is typed beside it."""

from records.models.guards.words import LAST_TERMS, TODAY, WRITABLE
from records.rules import signoff
from records.rules.transferred import NOT_TAKEN

TRANSFERRED = f"""
CREATE OR REPLACE FUNCTION records_is_brought(student bigint, term bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT NOT t.withdrawn FROM records_transferredterm t
                     WHERE t.student_id = student AND t.period_id = term ORDER BY t.edition DESC LIMIT 1), false)
$$;

CREATE OR REPLACE FUNCTION records_guard_brought() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF records_is_brought(NEW.student_id, NEW.period_id) THEN
        PERFORM records_refuse('the results of this term were brought from another school: nothing is typed into it');
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER guard_brought BEFORE UPDATE ON records_markrow FOR EACH ROW
    WHEN ((NEW.cells, NEW.average, NEW.level) IS DISTINCT FROM (OLD.cells, OLD.average, OLD.level))
    EXECUTE FUNCTION records_guard_brought();
CREATE OR REPLACE TRIGGER guard_brought_new BEFORE INSERT ON records_markrow FOR EACH ROW
    WHEN (NEW.cells <> '{{}}') EXECUTE FUNCTION records_guard_brought();
CREATE OR REPLACE TRIGGER guard_brought BEFORE UPDATE ON records_periodrecord FOR EACH ROW
    WHEN ((NEW.cells, NEW.learning) IS DISTINCT FROM (OLD.cells, OLD.learning))
    EXECUTE FUNCTION records_guard_brought();
CREATE OR REPLACE TRIGGER guard_brought_new BEFORE INSERT ON records_periodrecord FOR EACH ROW
    WHEN (NEW.cells <> '{{}}') EXECUTE FUNCTION records_guard_brought();

CREATE OR REPLACE FUNCTION records_has_own_term(student bigint, term bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM records_markrow r JOIN records_marksheet s ON s.id = r.sheet_id
                   WHERE r.student_id = student AND r.period_id = term
                   AND (r.average IS NOT NULL OR r.level <> ''
                        OR r.cells <> '{{}}' AND records_on_list(student, s.school_class_id)))
        OR EXISTS (SELECT FROM records_periodrecord p JOIN records_classperiod c ON c.id = p.class_period_id
                   WHERE p.student_id = student AND p.period_id = term
                   AND (p.learning IS NOT NULL OR p.cells <> '{{}}' AND records_on_list(student, c.school_class_id)))
$$;

CREATE OR REPLACE FUNCTION records_guard_transferred_term() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    class schools_schoolclass;
    term schools_period;
BEGIN
    SELECT * INTO class FROM schools_schoolclass WHERE id = NEW.school_class_id;
    SELECT * INTO term FROM schools_period WHERE id = NEW.period_id;
    IF (class.school_id, class.school_year_id, term.school_year_id, term.level)
            IS DISTINCT FROM (NEW.school_id, NEW.school_year_id, NEW.school_year_id, CASE WHEN class.grade_level < 6 THEN 'TIEU_HOC' WHEN class.grade_level < 10 THEN 'THCS' ELSE 'THPT' END) THEN
        PERFORM records_refuse('the term, the class and the school do not belong together');
    ELSIF NOT EXISTS (SELECT FROM schools_enrolment e WHERE e.student_id = NEW.student_id AND e.school_class_id = class.id AND e.ends_on IS NULL) THEN
        PERFORM records_refuse('the student is not in this class');
    ELSIF term.ends_on >= {TODAY} OR EXISTS (
            SELECT FROM schools_enrolment e JOIN schools_schoolclass c ON c.id = e.school_class_id
            WHERE e.student_id = NEW.student_id AND c.school_id = NEW.school_id AND e.ending <> 'GHI_NHAM'
            AND e.starts_on <= term.ends_on AND (e.ends_on IS NULL OR e.ends_on > term.ends_on)) THEN
        PERFORM records_refuse('the student was here when the term ended, or it has not ended');
    ELSIF EXISTS (SELECT FROM schools_schoolyear y WHERE y.id = NEW.school_year_id AND y.closed_at IS NOT NULL) OR EXISTS (
            SELECT FROM records_classperiod c JOIN schools_period p ON p.id = c.period_id
            WHERE c.school_class_id = class.id AND p.code IN ({LAST_TERMS}) AND c.state NOT IN ({WRITABLE})) THEN
        PERFORM records_refuse('the year of this class has been submitted');
    ELSIF records_has_own_term(NEW.student_id, NEW.period_id) THEN
        PERFORM records_refuse('the student has own results of this term');
    ELSIF NOT records_holds_role(NEW.by_id, '{signoff.CLERK}', class.id, NEW.school_id) THEN
        PERFORM records_refuse('the person does not keep the records of this school');
    ELSIF NEW.edition <> 1 + (SELECT count(*) FROM records_transferredterm t WHERE t.student_id = NEW.student_id AND t.period_id = NEW.period_id) THEN
        PERFORM records_refuse('an edition follows the one before');
    ELSIF EXISTS (
            SELECT FROM jsonb_each(NEW.subjects) s
            LEFT JOIN schools_subject b ON b.code = s.key
            LEFT JOIN schools_curriculumsubject c ON c.subject_id = b.id AND c.rule_set = class.rule_set AND c.grade_level = class.grade_level
            WHERE s.value <> to_jsonb('{NOT_TAKEN}'::text)
            AND (jsonb_typeof(s.value) <> 'string'
                 OR (s.value #>> '{{}}') !~ (CASE c.kind WHEN 'DIEM' THEN '^(10\\.0|[0-9]\\.[0-9])$' WHEN 'NHAN_XET' THEN '^(D|CD)$' ELSE '^$' END))) THEN
        PERFORM records_refuse('a result does not fit the way the subject is assessed');
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER guard BEFORE INSERT ON records_transferredterm FOR EACH ROW EXECUTE FUNCTION records_guard_transferred_term();
"""

DROP_TRANSFERRED = """
DROP TRIGGER guard_brought ON records_markrow; DROP TRIGGER guard_brought_new ON records_markrow;
DROP TRIGGER guard_brought ON records_periodrecord; DROP TRIGGER guard_brought_new ON records_periodrecord;
DROP TRIGGER guard ON records_transferredterm;
DROP FUNCTION records_guard_brought(), records_guard_transferred_term(), records_is_brought(bigint, bigint),
    records_has_own_term(bigint, bigint);
"""
