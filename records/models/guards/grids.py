"""Sheets and classes in a period: their states, and the moves of persons who hold the role."""

from records.models.guards.words import TODAY, WRITABLE, moves
from records.rules import signoff

GRIDS = f"""
CREATE OR REPLACE FUNCTION records_lacks_confirmation(sheet bigint, class bigint, subject bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (SELECT FROM records_sheetconfirmation c WHERE c.sheet_id = sheet AND c.withdrawn_at IS NULL)
    OR EXISTS (
        SELECT FROM schools_teachingassignment t WHERE t.school_class_id = class AND t.subject_id = subject
        AND t.starts_on <= {TODAY} AND (t.ends_on IS NULL OR t.ends_on > {TODAY})
        AND NOT EXISTS (SELECT FROM records_sheetconfirmation c WHERE c.sheet_id = sheet AND c.assignment_id = t.id
                        AND c.withdrawn_at IS NULL))
$$;

CREATE OR REPLACE FUNCTION records_guard_sheet() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.columns, NEW.school_id, NEW.school_year_id, NEW.school_class_id, NEW.subject_id, NEW.period_id, NEW.kind)
            IS DISTINCT FROM (OLD.columns, OLD.school_id, OLD.school_year_id, OLD.school_class_id, OLD.subject_id, OLD.period_id, OLD.kind)
    THEN PERFORM records_refuse('a sheet keeps the columns and the place it was made with'); END IF;
    IF TG_OP = 'INSERT' OR NEW.state <> OLD.state THEN
        IF NOT EXISTS (SELECT FROM records_classperiod c WHERE c.school_class_id = NEW.school_class_id
                       AND c.period_id = NEW.period_id AND c.state IN ({WRITABLE})) THEN
            PERFORM records_refuse('the class has been submitted: its sheets are closed');
        ELSIF NEW.state = 'DA_XAC_NHAN' AND records_lacks_confirmation(NEW.id, NEW.school_class_id, NEW.subject_id) THEN
            PERFORM records_refuse('a sheet is confirmed by those who teach the subject in the class');
        ELSIF TG_OP = 'UPDATE' AND NEW.state = 'MO' AND NOT records_lacks_confirmation(NEW.id, NEW.school_class_id, NEW.subject_id) THEN
            PERFORM records_refuse('a confirmed sheet is opened by taking a confirmation back');
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER guard BEFORE INSERT OR UPDATE ON records_marksheet FOR EACH ROW EXECUTE FUNCTION records_guard_sheet();

CREATE OR REPLACE FUNCTION records_guard_class_period() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> '{signoff.OPEN}' OR NEW.last_move_id IS NOT NULL THEN
            PERFORM records_refuse('a class begins a period open');
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.columns, NEW.school_id, NEW.school_year_id, NEW.school_class_id, NEW.period_id)
            IS DISTINCT FROM (OLD.columns, OLD.school_id, OLD.school_year_id, OLD.school_class_id, OLD.period_id)
    THEN PERFORM records_refuse('a class keeps the columns and the period it was opened with'); END IF;
    IF NEW.state <> OLD.state OR NEW.last_move_id IS DISTINCT FROM OLD.last_move_id THEN
        IF NEW.last_move_id IS NOT DISTINCT FROM OLD.last_move_id OR NOT EXISTS (
            SELECT FROM records_signoff m WHERE m.id = NEW.last_move_id AND m.class_period_id = NEW.id
            AND m.before = OLD.state AND m.after = NEW.state AND m.id > coalesce(OLD.last_move_id, 0)) THEN
            PERFORM records_refuse('a state changes only by somebody''s move');
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER guard BEFORE INSERT OR UPDATE ON records_classperiod FOR EACH ROW EXECUTE FUNCTION records_guard_class_period();

CREATE OR REPLACE FUNCTION records_is_principal(person bigint, school bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM schools_roleassignment r WHERE r.user_id = person AND r.school_id = school AND r.role = 'HIEU_TRUONG'
        AND r.starts_on <= {TODAY}
        AND (r.ends_on IS NULL OR r.ends_on > {TODAY}))
$$;

CREATE OR REPLACE FUNCTION records_works_at(person bigint, school bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM schools_roleassignment r WHERE r.user_id = person AND r.school_id = school
        AND r.starts_on <= {TODAY} AND (r.ends_on IS NULL OR r.ends_on > {TODAY}))
$$;

CREATE OR REPLACE FUNCTION records_says_for_whom(person bigint, named bigint, wanted text, school bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN wanted <> '{signoff.PRINCIPAL}' OR records_is_principal(person, school) THEN named IS NULL
    ELSE EXISTS (
        SELECT FROM schools_delegation d WHERE d.id = named AND d.kind = 'KI_THAY' AND d.grantee_id = person
        AND d.school_id = school AND d.revoked_at IS NULL
        AND d.starts_at <= clock_timestamp() AND d.ends_at > clock_timestamp()
        AND records_is_principal(d.grantor_id, school) AND records_works_at(person, school)) END
$$;

CREATE OR REPLACE FUNCTION records_holds_role(person bigint, wanted text, class bigint, school bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE wanted
    WHEN '{signoff.HOMEROOM}' THEN EXISTS (
        SELECT FROM schools_homeroomassignment h WHERE h.teacher_id = person AND h.school_class_id = class
        AND h.starts_on <= {TODAY}
        AND (h.ends_on IS NULL OR h.ends_on > {TODAY}))
    WHEN '{signoff.PRINCIPAL}' THEN records_is_principal(person, school) OR EXISTS (
        SELECT FROM schools_schoolgrant g JOIN auth_permission p ON p.id = g.permission_id
        JOIN schools_delegation d ON d.id = g.delegation_id
        WHERE g.user_id = person AND g.content_object_id = school AND p.codename = 'sign_off_school'
        AND d.revoked_at IS NULL
        AND d.starts_at <= clock_timestamp() AND d.ends_at > clock_timestamp()
        AND records_is_principal(d.grantor_id, school) AND records_works_at(person, school))
    WHEN '{signoff.CLERK}' THEN EXISTS (
        SELECT FROM schools_roleassignment r WHERE r.user_id = person AND r.school_id = school AND r.role = 'VAN_THU'
        AND r.starts_on <= {TODAY}
        AND (r.ends_on IS NULL OR r.ends_on > {TODAY}))
    ELSE false END
$$;

CREATE OR REPLACE FUNCTION records_lacks_result(class bigint, term bigint) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    -- Somebody on the list takes a subject, is not exempt, and has no result that a teacher has confirmed, here or in
    -- the class he came from.
    RETURN EXISTS (
        SELECT FROM schools_enrolment e JOIN schools_schoolclass k ON k.id = e.school_class_id
        JOIN schools_subjectenrolment t ON t.student_id = e.student_id AND t.school_year_id = k.school_year_id
        JOIN schools_curriculumsubject o ON o.subject_id = t.subject_id AND o.rule_set = k.rule_set AND o.grade_level = k.grade_level
        WHERE e.school_class_id = class AND (e.ends_on IS NULL OR e.ending = 'HOAN_THANH')
        AND t.dropped_on IS NULL AND NOT t.exempt AND NOT records_is_brought(e.student_id, term)
        AND NOT EXISTS (
            SELECT FROM records_markrow r JOIN records_marksheet s ON s.id = r.sheet_id
            JOIN records_classperiod c ON c.school_class_id = s.school_class_id AND c.period_id = s.period_id
            WHERE r.student_id = e.student_id AND r.subject_id = t.subject_id AND r.period_id = term
            AND (r.average IS NOT NULL OR r.level <> '') AND (s.state <> 'MO' OR c.state NOT IN ({WRITABLE}))));
END $$;

CREATE OR REPLACE FUNCTION records_guard_move() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE grid records_classperiod;
BEGIN
    SELECT * INTO grid FROM records_classperiod WHERE id = NEW.class_period_id FOR UPDATE;
    IF NEW.before <> grid.state THEN
        PERFORM records_refuse('the class is in another state by now');
    ELSIF (NEW.before, NEW.after, NEW.role) NOT IN (VALUES {moves(signoff.CLASS_MOVES)}) THEN
        PERFORM records_refuse('there is no such move');
    ELSIF NOT records_holds_role(NEW.by_id, NEW.role, grid.school_class_id, grid.school_id) THEN
        PERFORM records_refuse('the person does not hold the role this move needs');
    ELSIF NEW.after = '{signoff.SUBMITTED}' AND (
            grid.missing > 0 OR NOT EXISTS (SELECT FROM records_marksheet s
                WHERE s.school_class_id = grid.school_class_id AND s.period_id = grid.period_id)
            OR EXISTS (SELECT FROM records_marksheet s WHERE s.school_class_id = grid.school_class_id
                AND s.period_id = grid.period_id AND s.state <> 'DA_XAC_NHAN')) THEN
        PERFORM records_refuse('a class is submitted with every sheet confirmed and nothing missing');
    ELSIF NEW.after = '{signoff.SUBMITTED}' AND records_lacks_result(grid.school_class_id, grid.period_id) THEN
        PERFORM records_refuse('somebody on the list has no confirmed result in a subject');
    ELSIF NEW.after = '{signoff.SUBMITTED}' AND EXISTS (
            SELECT FROM records_classperiod c JOIN schools_period earlier ON earlier.id = c.period_id
            JOIN schools_period p ON p.id = grid.period_id
            WHERE c.school_class_id = grid.school_class_id AND earlier.position < p.position AND c.state = ANY (ARRAY[{WRITABLE}])) THEN
        PERFORM records_refuse('a term is submitted after the one before');
    ELSIF NEW.after = '{signoff.RETURNED}' AND EXISTS (
            SELECT FROM records_classperiod c JOIN schools_period later ON later.id = c.period_id
            JOIN schools_period p ON p.id = grid.period_id
            WHERE c.school_class_id = grid.school_class_id AND later.position > p.position AND c.state <> ALL (ARRAY[{WRITABLE}])) THEN
        PERFORM records_refuse('a term is returned before the one that follows is submitted');
    ELSIF NOT records_says_for_whom(NEW.by_id, NEW.delegation_id, NEW.role, grid.school_id) THEN
        PERFORM records_refuse('who acts for the principal names the delegation, and nobody else does');
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER guard BEFORE INSERT ON records_signoff FOR EACH ROW EXECUTE FUNCTION records_guard_move();
"""
