"""Rows of cells: their columns, the entry window, the state of the sheet and class they are in or leave."""

from records.models.guards.words import WRITABLE
from records.rules import cells

CELLS = rf"""
CREATE OR REPLACE FUNCTION records_check_cells(cells jsonb, columns jsonb) RETURNS void LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE cell record;
BEGIN
    FOR cell IN
        SELECT key, value, jsonb_typeof(value) AS type, value #>> '{{}}' AS text,
               (SELECT c ->> 'scale' FROM jsonb_array_elements(columns) c WHERE c ->> 'code' = key) AS scale
        FROM jsonb_each(cells)
    LOOP
        IF cell.scale IS NULL THEN
            RAISE EXCEPTION 'the sheet has no column %', cell.key USING ERRCODE = 'check_violation';
        ELSIF cell.type <> 'string' OR length(cell.text) > {cells.LONGEST_TEXT} OR cell.text !~ (CASE cell.scale
            WHEN 'DIEM' THEN CASE WHEN cell.key LIKE 'TX%' THEN '^(10|[0-9](\.[1-9])?|V|M|{cells.WAIVED})$' ELSE '^(10|[0-9](\.[1-9])?|V|M)$' END
            WHEN 'DAT' THEN CASE WHEN cell.key LIKE 'TX%' THEN '^(D|CD|V|M|{cells.WAIVED})$' ELSE '^(D|CD|V|M)$' END
            WHEN 'MUC' THEN '^[THC]$'
            WHEN 'PHAM_CHAT' THEN '^[TDC]$'
            WHEN 'DIEM_NGUYEN' THEN '^(10|[1-9])$'
            WHEN 'DIEM_NGUYEN_0' THEN '^(10|[0-9])$'
            WHEN 'DAU' THEN '^X$'
            WHEN 'REN_LUYEN' THEN '^(TOT|KHA|DAT|CHUA_DAT)$'
            WHEN 'SO_BUOI' THEN '^(0|[1-9][0-9]{{0,2}})$'
            WHEN 'VAN_BAN' THEN '^[^\x01-\x1f]+$'
            ELSE '^$' END)
        THEN
            RAISE EXCEPTION 'a value does not fit column % (%)', cell.key, cell.scale USING ERRCODE = 'check_violation';
        END IF;
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION records_window_is_open(school bigint, wanted_period bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM schools_entrywindow w JOIN schools_period p ON p.id = w.period_id
                   JOIN schools_schoolyear y ON y.id = p.school_year_id
                   WHERE w.school_id = school AND w.period_id = wanted_period AND y.closed_at IS NULL
                   AND w.opens_at <= clock_timestamp() AND w.closes_at > clock_timestamp())
$$;

CREATE OR REPLACE FUNCTION records_refuse(message text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', message USING ERRCODE = 'check_violation';
END $$;
"""

ROWS = f"""
CREATE OR REPLACE FUNCTION records_was_merged(old_record bigint, new_record bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    -- Somebody, named in the merge, has joined the one record into the other.
    SELECT EXISTS (SELECT FROM schools_student s JOIN schools_studentmerge m ON m.merged_id = s.id
                   WHERE s.id = old_record AND s.merged_into_id = new_record AND m.kept_id = new_record)
$$;

CREATE OR REPLACE FUNCTION records_refuse_merged(record bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM schools_student s WHERE s.id = record AND s.merged_into_id IS NOT NULL) THEN
        PERFORM records_refuse('the record was merged into another: its rows stay as they are');
    END IF;
END $$;

CREATE OR REPLACE FUNCTION records_refuse_closed(sheet_state text, class_state text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF class_state IS NULL OR class_state NOT IN ({WRITABLE}) THEN
        PERFORM records_refuse('the class has been submitted: its marks are closed');
    ELSIF sheet_state <> 'MO' THEN
        PERFORM records_refuse('the sheet has been confirmed: its marks are closed');
    END IF;
END $$;

CREATE OR REPLACE FUNCTION records_on_list(student bigint, class bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM schools_enrolment e WHERE e.student_id = student AND e.school_class_id = class
                   AND (e.ends_on IS NULL OR e.ending = 'HOAN_THANH'))
$$;

CREATE OR REPLACE FUNCTION records_topic_counts(pupil bigint, taken bigint, in_year bigint, term bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM schools_subjectenrolment e WHERE e.student_id = pupil AND e.subject_id = taken
                   AND e.school_year_id = in_year AND e.with_topics AND e.dropped_on IS NULL)
    AND NOT EXISTS (SELECT FROM records_markrow r WHERE r.student_id = pupil AND r.subject_id = taken
                    AND r.school_year_id = in_year AND r.period_id <> term AND r.cells ? 'CD')
$$;

CREATE OR REPLACE FUNCTION records_guard_mark_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sheet record;
    other record;
    new_columns boolean := false;
    refitted boolean := false;
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.cells, NEW.beside, NEW.average, NEW.level, NEW.sheet_id, NEW.student_id, NEW.subject_id, NEW.period_id, NEW.written_for_id)
            IS NOT DISTINCT FROM (OLD.cells, OLD.beside, OLD.average, OLD.level, OLD.sheet_id, OLD.student_id, OLD.subject_id, OLD.period_id, OLD.written_for_id)
    THEN RETURN NEW; END IF;
    IF TG_OP = 'UPDATE' AND NEW.student_id <> OLD.student_id THEN
        -- Closed or open, and whatever the window: only whose row it is changes, and under which record it was written stays.
        IF NEW.written_for_id IS DISTINCT FROM coalesce(OLD.written_for_id, OLD.student_id)
           OR (to_jsonb(NEW) - 'student_id' - 'written_for_id') <> (to_jsonb(OLD) - 'student_id' - 'written_for_id')
           OR NOT records_was_merged(OLD.student_id, NEW.student_id) THEN
            PERFORM records_refuse('a row of marks belongs to its student for good');
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.written_for_id IS DISTINCT FROM (CASE TG_OP WHEN 'UPDATE' THEN OLD.written_for_id END) THEN
        PERFORM records_refuse('a row keeps the record it was written under');
    END IF;
    PERFORM records_refuse_merged(NEW.student_id);
    SELECT s.*, c.state AS class_state INTO sheet FROM records_marksheet s
        JOIN records_classperiod c ON c.school_class_id = s.school_class_id AND c.period_id = s.period_id
        WHERE s.id = NEW.sheet_id;
    IF TG_OP = 'UPDATE' AND NEW.sheet_id <> OLD.sheet_id THEN
        SELECT s.*, c.state AS class_state INTO other FROM records_marksheet s
            JOIN records_classperiod c ON c.school_class_id = s.school_class_id AND c.period_id = s.period_id
            WHERE s.id = OLD.sheet_id;
        -- What was signed stays; of somebody who had left before, nothing was signed that is not complete.
        IF OLD.average IS NOT NULL OR OLD.level <> '' OR records_on_list(OLD.student_id, other.school_class_id) THEN
            PERFORM records_refuse_closed(other.state, other.class_state);
        END IF;
        -- Into a sheet with other columns the row's result follows them, and what has no column is kept beside.
        new_columns := other.columns <> sheet.columns;
        refitted := new_columns AND NEW.cells || coalesce(NEW.beside, '{{}}') = OLD.cells || coalesce(OLD.beside, '{{}}');
    END IF;
    PERFORM records_refuse_closed(sheet.state, sheet.class_state);
    IF (NEW.subject_id, NEW.period_id, NEW.school_year_id) <> (sheet.subject_id, sheet.period_id, sheet.school_year_id) THEN
        PERFORM records_refuse('the row is of another subject or period than its sheet');
    END IF;
    IF NEW.beside IS DISTINCT FROM (CASE TG_OP WHEN 'UPDATE' THEN OLD.beside END) AND NOT refitted THEN
        PERFORM records_refuse('what has no column is kept beside by a move alone');
    END IF;
    IF (TG_OP = 'INSERT' AND (NEW.cells, NEW.average, NEW.level) IS DISTINCT FROM ('{{}}'::jsonb, NULL::numeric, ''))
       OR (TG_OP = 'UPDATE' AND (NEW.cells, NEW.average, NEW.level) IS DISTINCT FROM (OLD.cells, OLD.average, OLD.level))
    THEN
        IF NOT refitted AND NOT records_window_is_open(sheet.school_id, sheet.period_id) THEN
            PERFORM records_refuse('no entry window is open');
        END IF;
        PERFORM records_check_cells(NEW.cells, sheet.columns);
        IF NEW.cells ? 'CD' AND NOT (TG_OP = 'UPDATE' AND OLD.cells ? 'CD') AND NOT records_topic_counts(NEW.student_id, NEW.subject_id, NEW.school_year_id, NEW.period_id) THEN
            PERFORM records_refuse('the student takes no topics of the subject, or they count in another term');
        END IF;
    ELSIF new_columns THEN
        PERFORM records_check_cells(NEW.cells, sheet.columns);
    END IF;
    IF EXISTS (
            SELECT FROM jsonb_each_text(NEW.cells) c WHERE c.key LIKE 'TX%' AND c.value = '{cells.WAIVED}' AND NOT EXISTS (
                SELECT FROM records_regularwaiver w WHERE w.subject_id = NEW.subject_id AND w.period_id = NEW.period_id
                AND c.key = ANY (w.columns)
                AND (w.student_id = NEW.student_id OR records_was_merged(w.student_id, NEW.student_id)))) THEN
        PERFORM records_refuse('a regular result is let go by the principal alone');
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER guard BEFORE INSERT OR UPDATE ON records_markrow FOR EACH ROW EXECUTE FUNCTION records_guard_mark_row();

CREATE OR REPLACE FUNCTION records_guard_period_record() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE grid records_classperiod;
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.cells, NEW.learning, NEW.class_period_id, NEW.student_id, NEW.period_id)
            IS NOT DISTINCT FROM (OLD.cells, OLD.learning, OLD.class_period_id, OLD.student_id, OLD.period_id)
    THEN RETURN NEW; END IF;
    IF TG_OP = 'UPDATE' AND NEW.student_id <> OLD.student_id THEN
        IF (to_jsonb(NEW) - 'student_id') <> (to_jsonb(OLD) - 'student_id')
           OR NOT records_was_merged(OLD.student_id, NEW.student_id) THEN
            PERFORM records_refuse('a row belongs to its student for good');
        END IF;
        RETURN NEW;
    END IF;
    PERFORM records_refuse_merged(NEW.student_id);
    SELECT * INTO grid FROM records_classperiod WHERE id = NEW.class_period_id;
    IF grid.state NOT IN ({WRITABLE}) OR (TG_OP = 'UPDATE' AND EXISTS (
            SELECT FROM records_classperiod c WHERE c.id = OLD.class_period_id AND c.state NOT IN ({WRITABLE})
            AND (OLD.learning IS NOT NULL OR records_on_list(OLD.student_id, c.school_class_id)))) THEN
        PERFORM records_refuse('the class has been submitted: what the homeroom teacher wrote is closed');
    ELSIF NEW.period_id <> grid.period_id OR NEW.school_year_id <> grid.school_year_id THEN
        PERFORM records_refuse('the row is of another period than its class');
    END IF;
    IF (TG_OP = 'INSERT' AND NEW.cells <> '{{}}') OR (TG_OP = 'UPDATE' AND NEW.cells <> OLD.cells) THEN
        IF NOT records_window_is_open(grid.school_id, grid.period_id) THEN
            PERFORM records_refuse('no entry window is open');
        END IF;
        PERFORM records_check_cells(NEW.cells, grid.columns);
    ELSIF TG_OP = 'UPDATE' AND NEW.class_period_id <> OLD.class_period_id THEN
        PERFORM records_check_cells(NEW.cells, grid.columns);
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER guard BEFORE INSERT OR UPDATE ON records_periodrecord FOR EACH ROW EXECUTE FUNCTION records_guard_period_record();

CREATE OR REPLACE FUNCTION records_year_is_open(class bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT c.state IN ({WRITABLE}) FROM records_classperiod c JOIN schools_period p ON p.id = c.period_id
    WHERE c.school_class_id = class ORDER BY p.position DESC LIMIT 1
$$;

CREATE OR REPLACE FUNCTION records_guard_year_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.student_id <> OLD.student_id THEN
        IF (to_jsonb(NEW) - 'student_id') <> (to_jsonb(OLD) - 'student_id')
           OR NOT records_was_merged(OLD.student_id, NEW.student_id) THEN
            PERFORM records_refuse('a year belongs to its student for good');
        END IF;
        RETURN NEW;
    END IF;
    PERFORM records_refuse_merged(NEW.student_id);
    IF NOT records_year_is_open(NEW.school_class_id)
       OR (TG_OP = 'UPDATE' AND NOT records_year_is_open(OLD.school_class_id)) THEN
        PERFORM records_refuse('the year of this class has been submitted');
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER guard BEFORE INSERT OR UPDATE ON records_yearrecord FOR EACH ROW EXECUTE FUNCTION records_guard_year_record();
"""
