"""The SQL that keeps the record closed: triggers that hold the states, the moves, the entry windows and the columns,
whoever writes and by whatever program. The tables of moves are those of records/rules/signoff.py."""

from collections.abc import Iterable

from records.rules import cells, signoff


def _moves(moves: Iterable[signoff.Move]) -> str:
    return ", ".join(f"('{move.before}', '{move.after}', '{move.role}')" for move in moves)


_WRITABLE = ", ".join(f"'{state}'" for state in sorted(signoff.WRITABLE))

CELLS = rf"""
CREATE FUNCTION records_check_cells(cells jsonb, columns jsonb) RETURNS void LANGUAGE plpgsql IMMUTABLE AS $$
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
            WHEN 'DIEM' THEN '^(10|[0-9](\.[1-9])?|V|M)$'
            WHEN 'DAT' THEN '^(D|CD|V|M)$'
            WHEN 'REN_LUYEN' THEN '^(TOT|KHA|DAT|CHUA_DAT)$'
            WHEN 'SO_BUOI' THEN '^(0|[1-9][0-9]{{0,2}})$'
            WHEN 'VAN_BAN' THEN '^[^\x01-\x1f]+$'
            ELSE '^$' END)
        THEN
            RAISE EXCEPTION 'a value does not fit column % (%)', cell.key, cell.scale USING ERRCODE = 'check_violation';
        END IF;
    END LOOP;
END $$;

CREATE FUNCTION records_window_is_open(school bigint, wanted_period bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM schools_entrywindow w WHERE w.school_id = school AND w.period_id = wanted_period
                   AND w.opens_at <= clock_timestamp() AND w.closes_at > clock_timestamp())
$$;

CREATE FUNCTION records_refuse(message text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', message USING ERRCODE = 'check_violation';
END $$;
"""

ROWS = f"""
CREATE FUNCTION records_guard_mark_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE sheet record;
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.cells, NEW.average, NEW.level, NEW.sheet_id, NEW.student_id, NEW.subject_id, NEW.period_id)
            IS NOT DISTINCT FROM (OLD.cells, OLD.average, OLD.level, OLD.sheet_id, OLD.student_id, OLD.subject_id, OLD.period_id)
    THEN RETURN NEW; END IF;
    SELECT s.*, c.state AS class_state INTO sheet FROM records_marksheet s
        JOIN records_classperiod c ON c.school_class_id = s.school_class_id AND c.period_id = s.period_id
        WHERE s.id = NEW.sheet_id;
    IF sheet IS NULL OR sheet.class_state NOT IN ({_WRITABLE}) THEN
        PERFORM records_refuse('the class has been submitted: its marks are closed');
    ELSIF sheet.state <> 'MO' THEN
        PERFORM records_refuse('the sheet has been confirmed: its marks are closed');
    ELSIF (NEW.subject_id, NEW.period_id, NEW.school_year_id) <> (sheet.subject_id, sheet.period_id, sheet.school_year_id) THEN
        PERFORM records_refuse('the row is of another subject or period than its sheet');
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.student_id <> OLD.student_id THEN
        PERFORM records_refuse('a row of marks belongs to its student for good');
    END IF;
    IF (TG_OP = 'INSERT' AND NEW.cells <> '{{}}') OR (TG_OP = 'UPDATE' AND NEW.cells <> OLD.cells) THEN
        IF NOT records_window_is_open(sheet.school_id, sheet.period_id) THEN
            PERFORM records_refuse('no entry window is open');
        END IF;
        PERFORM records_check_cells(NEW.cells, sheet.columns);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON records_markrow FOR EACH ROW EXECUTE FUNCTION records_guard_mark_row();

CREATE FUNCTION records_guard_period_record() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE grid records_classperiod;
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.cells, NEW.learning, NEW.class_period_id, NEW.student_id, NEW.period_id)
            IS NOT DISTINCT FROM (OLD.cells, OLD.learning, OLD.class_period_id, OLD.student_id, OLD.period_id)
    THEN RETURN NEW; END IF;
    SELECT * INTO grid FROM records_classperiod WHERE id = NEW.class_period_id;
    IF grid.state NOT IN ({_WRITABLE}) THEN
        PERFORM records_refuse('the class has been submitted: what the homeroom teacher wrote is closed');
    ELSIF NEW.period_id <> grid.period_id OR NEW.school_year_id <> grid.school_year_id THEN
        PERFORM records_refuse('the row is of another period than its class');
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.student_id <> OLD.student_id THEN
        PERFORM records_refuse('a row belongs to its student for good');
    END IF;
    IF (TG_OP = 'INSERT' AND NEW.cells <> '{{}}') OR (TG_OP = 'UPDATE' AND NEW.cells <> OLD.cells) THEN
        IF NOT records_window_is_open(grid.school_id, grid.period_id) THEN
            PERFORM records_refuse('no entry window is open');
        END IF;
        PERFORM records_check_cells(NEW.cells, grid.columns);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON records_periodrecord FOR EACH ROW EXECUTE FUNCTION records_guard_period_record();

CREATE FUNCTION records_guard_year_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT c.state FROM records_classperiod c JOIN schools_period p ON p.id = c.period_id
        WHERE c.school_class_id = NEW.school_class_id ORDER BY p.position DESC LIMIT 1) NOT IN ({_WRITABLE}) THEN
        PERFORM records_refuse('the year of this class has been submitted');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON records_yearrecord FOR EACH ROW EXECUTE FUNCTION records_guard_year_record();
"""

GRIDS = f"""
CREATE FUNCTION records_guard_sheet() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.columns, NEW.school_id, NEW.school_year_id, NEW.school_class_id, NEW.subject_id, NEW.period_id, NEW.kind)
            IS DISTINCT FROM (OLD.columns, OLD.school_id, OLD.school_year_id, OLD.school_class_id, OLD.subject_id, OLD.period_id, OLD.kind)
    THEN PERFORM records_refuse('a sheet keeps the columns and the place it was made with'); END IF;
    IF TG_OP = 'INSERT' OR NEW.state <> OLD.state THEN
        IF NOT EXISTS (SELECT FROM records_classperiod c WHERE c.school_class_id = NEW.school_class_id
                       AND c.period_id = NEW.period_id AND c.state IN ({_WRITABLE})) THEN
            PERFORM records_refuse('the class has been submitted: its sheets are closed');
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON records_marksheet FOR EACH ROW EXECUTE FUNCTION records_guard_sheet();

CREATE FUNCTION records_guard_class_period() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON records_classperiod FOR EACH ROW EXECUTE FUNCTION records_guard_class_period();

CREATE FUNCTION records_holds_role(person bigint, wanted text, class bigint, school bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE wanted
    WHEN '{signoff.HOMEROOM}' THEN EXISTS (
        SELECT FROM schools_homeroomassignment h WHERE h.teacher_id = person AND h.school_class_id = class
        AND h.starts_on <= (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
        AND (h.ends_on IS NULL OR h.ends_on > (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date))
    WHEN '{signoff.PRINCIPAL}' THEN EXISTS (
        SELECT FROM schools_roleassignment r WHERE r.user_id = person AND r.school_id = school AND r.role = 'HIEU_TRUONG'
        AND r.starts_on <= (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
        AND (r.ends_on IS NULL OR r.ends_on > (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date))
        OR EXISTS (
        SELECT FROM schools_schoolgrant g JOIN auth_permission p ON p.id = g.permission_id
        JOIN schools_delegation d ON d.id = g.delegation_id
        WHERE g.user_id = person AND g.content_object_id = school AND p.codename = 'sign_off_school'
        AND d.revoked_at IS NULL AND d.starts_at <= now() AND d.ends_at > now())
    WHEN '{signoff.CLERK}' THEN EXISTS (
        SELECT FROM schools_roleassignment r WHERE r.user_id = person AND r.school_id = school AND r.role = 'VAN_THU'
        AND r.starts_on <= (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
        AND (r.ends_on IS NULL OR r.ends_on > (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date))
    ELSE false END
$$;

CREATE FUNCTION records_guard_move() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE grid records_classperiod;
BEGIN
    SELECT * INTO grid FROM records_classperiod WHERE id = NEW.class_period_id FOR UPDATE;
    IF NEW.before <> grid.state THEN
        PERFORM records_refuse('the class is in another state by now');
    ELSIF (NEW.before, NEW.after, NEW.role) NOT IN (VALUES {_moves(signoff.CLASS_MOVES)}) THEN
        PERFORM records_refuse('there is no such move');
    ELSIF NOT records_holds_role(NEW.by_id, NEW.role, grid.school_class_id, grid.school_id) THEN
        PERFORM records_refuse('the person does not hold the role this move needs');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT ON records_signoff FOR EACH ROW EXECUTE FUNCTION records_guard_move();
"""

PAGES = f"""
CREATE FUNCTION records_guard_page_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    class_state text;
    needed text;
BEGIN
    SELECT state INTO class_state FROM records_classperiod WHERE id = NEW.class_period_id;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> '{signoff.PREPARED}' OR NEW.file <> '' OR class_state <> '{signoff.SUBMITTED}' THEN
            PERFORM records_refuse('a page begins prepared, when its class is submitted');
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.page_id, NEW.number, NEW.kind, NEW.class_period_id, NEW.school_class_id, NEW.rule_set, NEW.snapshot, NEW.snapshot_digest, NEW.public_id)
            IS DISTINCT FROM (OLD.page_id, OLD.number, OLD.kind, OLD.class_period_id, OLD.school_class_id, OLD.rule_set, OLD.snapshot, OLD.snapshot_digest, OLD.public_id)
       OR (OLD.file <> '' AND (NEW.original_digest, NEW.original_size) <> (OLD.original_digest, OLD.original_size))
       OR (OLD.issued_at IS NOT NULL AND NEW.issued_at IS DISTINCT FROM OLD.issued_at)
    THEN PERFORM records_refuse('a frozen page is never changed'); END IF;
    IF NEW.state = OLD.state THEN
        IF OLD.file <> '' AND NEW.file <> OLD.file THEN
            PERFORM records_refuse('the file of a page changes only by a signature');
        END IF;
        RETURN NEW;
    END IF;
    SELECT m.slot INTO needed FROM (VALUES {_moves(signoff.PAGE_MOVES)}) AS m(before, after, slot)
        WHERE m.before = OLD.state AND m.after = NEW.state;
    IF NOT FOUND THEN
        PERFORM records_refuse('there is no such move of a page');
    ELSIF needed <> '' AND NOT EXISTS (
            SELECT FROM records_signature s WHERE s.version_id = NEW.id AND s.slot = needed) THEN
        PERFORM records_refuse('a page moves on only with its signature');
    ELSIF NEW.state = '{signoff.WITHDRAWN}' AND class_state <> '{signoff.RETURNED}' THEN
        PERFORM records_refuse('a page is withdrawn only when its class is returned');
    ELSIF needed = '' AND NEW.file <> OLD.file OR (NEW.state = '{signoff.SEALED}') <> (NEW.issued_at IS DISTINCT FROM OLD.issued_at) THEN
        PERFORM records_refuse('a page is issued by the seal of the school alone');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON records_pageversion FOR EACH ROW EXECUTE FUNCTION records_guard_page_version();

CREATE FUNCTION records_guard_signature() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM records_signingorder o JOIN records_signingitem i ON i.order_id = o.id
        JOIN records_pageversion v ON v.id = i.version_id
        WHERE o.id = NEW.order_id AND i.version_id = NEW.version_id AND o.slot = NEW.slot AND o.by_id = NEW.by_id
        AND i.shown_digest = v.original_digest
        AND v.state = (SELECT m.before FROM (VALUES {_moves(signoff.PAGE_MOVES)}) AS m(before, after, slot) WHERE m.slot = NEW.slot))
    THEN PERFORM records_refuse('nobody ordered this signature, or it is not its turn'); END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT ON records_signature FOR EACH ROW EXECUTE FUNCTION records_guard_signature();

CREATE FUNCTION records_guard_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'records_signingorder' OR (to_jsonb(NEW) - 'state' - 'failure') <> (to_jsonb(OLD) - 'state' - 'failure')
       OR OLD.state = 'XONG' THEN
        PERFORM records_refuse('an order to sign is never changed');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON records_signingorder FOR EACH ROW EXECUTE FUNCTION records_guard_order();
CREATE TRIGGER guard BEFORE UPDATE ON records_signingitem FOR EACH ROW EXECUTE FUNCTION records_guard_order();

CREATE FUNCTION records_guard_confirmation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - 'withdrawn_at') <> (to_jsonb(OLD) - 'withdrawn_at') OR OLD.withdrawn_at IS NOT NULL THEN
        PERFORM records_refuse('a confirmation is taken back, never changed');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON records_sheetconfirmation FOR EACH ROW EXECUTE FUNCTION records_guard_confirmation();
"""

GUARDS = CELLS + ROWS + GRIDS + PAGES
_GUARDED = {
    "records_markrow": "records_guard_mark_row",
    "records_periodrecord": "records_guard_period_record",
    "records_yearrecord": "records_guard_year_record",
    "records_marksheet": "records_guard_sheet",
    "records_classperiod": "records_guard_class_period",
    "records_signoff": "records_guard_move",
    "records_pageversion": "records_guard_page_version",
    "records_signature": "records_guard_signature",
    "records_signingorder": "records_guard_order",
    "records_signingitem": "records_guard_order",
    "records_sheetconfirmation": "records_guard_confirmation",
}
DROP_GUARDS = "\n".join(
    [f"DROP TRIGGER guard ON {table};" for table in _GUARDED]
    + [f"DROP FUNCTION {name}();" for name in sorted(set(_GUARDED.values()))]
    + [
        "DROP FUNCTION records_holds_role(bigint, text, bigint, bigint), records_refuse(text), "
        "records_window_is_open(bigint, bigint), records_check_cells(jsonb, jsonb);"
    ]
)
