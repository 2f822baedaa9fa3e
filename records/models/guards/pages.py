"""Pages and their frozen versions, orders to sign, signatures, confirmations."""

from records.models.guards.words import CLOSED, ON_THE_WAY, PUBLISHED, SLOT_ROLES, TODAY, WRITABLE, moves
from records.rules import signoff

PAGES = f"""
CREATE OR REPLACE FUNCTION records_guard_page() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM records_refuse_merged(NEW.student_id);
    ELSIF (to_jsonb(NEW) - 'student_id') <> (to_jsonb(OLD) - 'student_id')
          OR (NEW.student_id <> OLD.student_id AND NOT records_was_merged(OLD.student_id, NEW.student_id)) THEN
        PERFORM records_refuse('a page belongs to its student and year for good');
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER guard BEFORE INSERT OR UPDATE ON records_bookpage FOR EACH ROW EXECUTE FUNCTION records_guard_page();

CREATE OR REPLACE FUNCTION records_guard_page_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    class_state text;
    needed text;
BEGIN
    SELECT state INTO class_state FROM records_classperiod WHERE id = NEW.class_period_id;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> '{signoff.PREPARED}' OR NEW.file <> ''
           OR NOT (CASE WHEN NEW.kind = 'HE' THEN class_state = ANY (ARRAY[{CLOSED}]) ELSE class_state = '{signoff.SUBMITTED}' END) THEN
            PERFORM records_refuse('a page begins prepared, when its class is submitted');
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.page_id, NEW.number, NEW.kind, NEW.class_period_id, NEW.school_class_id, NEW.rule_set, NEW.snapshot, NEW.snapshot_digest, NEW.public_id)
            IS DISTINCT FROM (OLD.page_id, OLD.number, OLD.kind, OLD.class_period_id, OLD.school_class_id, OLD.rule_set, OLD.snapshot, OLD.snapshot_digest, OLD.public_id)
       OR (OLD.file <> '' AND (NEW.original_digest, NEW.original_size) IS DISTINCT FROM (OLD.original_digest, OLD.original_size))
       OR (OLD.issued_at IS NOT NULL AND NEW.issued_at IS DISTINCT FROM OLD.issued_at)
    THEN PERFORM records_refuse('a frozen page is never changed'); END IF;
    IF NEW.state = OLD.state THEN
        IF OLD.file <> '' AND NEW.file <> OLD.file THEN
            PERFORM records_refuse('the file of a page changes only by a signature');
        ELSIF NEW.issued_at IS DISTINCT FROM OLD.issued_at THEN
            PERFORM records_refuse('a page is issued by the seal of the school alone');
        END IF;
        RETURN NEW;
    END IF;
    SELECT m.slot INTO needed FROM (VALUES {moves(signoff.PAGE_MOVES)}) AS m(before, after, slot)
        WHERE m.before = OLD.state AND m.after = NEW.state;
    IF NOT FOUND THEN
        PERFORM records_refuse('there is no such move of a page');
    ELSIF needed <> '' AND NOT EXISTS (
            SELECT FROM records_signature s WHERE s.version_id = NEW.id AND s.slot = needed) THEN
        PERFORM records_refuse('a page moves on only with its signature');
    ELSIF NEW.state = '{signoff.WITHDRAWN}' AND NEW.kind = 'HE' THEN
        IF NOT EXISTS (SELECT FROM records_summerentry e WHERE e.version_id = NEW.id AND e.kind = 'TRA_LAI') THEN
            PERFORM records_refuse('a page is withdrawn only when the principal gives it back');
        END IF;
    ELSIF NEW.state = '{signoff.WITHDRAWN}' AND class_state <> '{signoff.RETURNED}' THEN
        PERFORM records_refuse('a page is withdrawn only when its class is returned');
    ELSIF NEW.state = '{signoff.SEALED}' AND EXISTS (
            SELECT FROM records_pageversion v WHERE v.page_id = NEW.page_id AND v.id <> NEW.id
            AND (v.number < NEW.number AND v.state = ANY (ARRAY[{ON_THE_WAY}]) OR v.number > NEW.number AND v.state = ANY (ARRAY[{PUBLISHED}]))) THEN
        PERFORM records_refuse('versions of a page are issued in their order');
    ELSIF needed = '' AND NEW.file <> OLD.file OR (NEW.state = '{signoff.SEALED}') <> (NEW.issued_at IS DISTINCT FROM OLD.issued_at) THEN
        PERFORM records_refuse('a page is issued by the seal of the school alone');
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER guard BEFORE INSERT OR UPDATE ON records_pageversion FOR EACH ROW EXECUTE FUNCTION records_guard_page_version();

CREATE OR REPLACE FUNCTION records_guard_signature() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM records_signingorder o JOIN records_signingitem i ON i.order_id = o.id
        JOIN records_pageversion v ON v.id = i.version_id
        WHERE o.id = NEW.order_id AND i.version_id = NEW.version_id AND o.slot = NEW.slot AND o.by_id = NEW.by_id
        AND o.class_period_id = v.class_period_id AND v.file <> '' AND i.shown_digest = v.original_digest
        AND v.state = (SELECT m.before FROM (VALUES {moves(signoff.PAGE_MOVES)}) AS m(before, after, slot) WHERE m.slot = NEW.slot))
    THEN PERFORM records_refuse('nobody ordered this signature, or it is not its turn'); END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER guard BEFORE INSERT ON records_signature FOR EACH ROW EXECUTE FUNCTION records_guard_signature();

CREATE OR REPLACE FUNCTION records_guard_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        PERFORM records_refuse('an order to sign is never changed');
    ELSIF NOT EXISTS (
        SELECT FROM records_classperiod c JOIN (VALUES {SLOT_ROLES}) AS s(slot, role) ON s.slot = NEW.slot
        WHERE c.id = NEW.class_period_id AND records_holds_role(NEW.by_id, s.role, c.school_class_id, c.school_id)) THEN
        PERFORM records_refuse('the person does not hold the role this signature needs');
    ELSIF NOT EXISTS (
        SELECT FROM records_classperiod c JOIN (VALUES {SLOT_ROLES}) AS s(slot, role) ON s.slot = NEW.slot
        WHERE c.id = NEW.class_period_id AND records_says_for_whom(NEW.by_id, NEW.delegation_id, s.role, c.school_id)) THEN
        PERFORM records_refuse('who signs for the principal names the delegation, and nobody else does');
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER guard BEFORE INSERT OR UPDATE ON records_signingorder
    FOR EACH ROW EXECUTE FUNCTION records_guard_order();

CREATE OR REPLACE FUNCTION records_guard_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'CHO' OR NOT EXISTS (
            SELECT FROM records_signingorder o JOIN records_pageversion v ON v.class_period_id = o.class_period_id
            JOIN (VALUES {moves(signoff.PAGE_MOVES)}) AS m(before, after, slot) ON m.slot = o.slot
            WHERE o.id = NEW.order_id AND v.id = NEW.version_id AND v.state = m.before
            AND v.file <> '' AND v.original_digest = NEW.shown_digest) THEN
            PERFORM records_refuse('a page is ordered in its class and its turn, as it was rendered');
        END IF;
        RETURN NEW;
    END IF;
    IF (to_jsonb(NEW) - 'state' - 'failure') <> (to_jsonb(OLD) - 'state' - 'failure') OR OLD.state = 'XONG' THEN
        PERFORM records_refuse('an order to sign is never changed');
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER guard BEFORE INSERT OR UPDATE ON records_signingitem FOR EACH ROW EXECUTE FUNCTION records_guard_item();

CREATE OR REPLACE FUNCTION records_teaches(person bigint, assignment bigint, sheet bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM schools_teachingassignment t
        JOIN records_marksheet s ON s.school_class_id = t.school_class_id AND s.subject_id = t.subject_id
        WHERE t.id = assignment AND s.id = sheet AND t.starts_on <= {TODAY} AND (t.ends_on IS NULL OR t.ends_on > {TODAY})
        AND (t.teacher_id = person OR EXISTS (
            SELECT FROM schools_assignmentgrant g JOIN schools_delegation d ON d.id = g.delegation_id
            WHERE g.user_id = person AND g.content_object_id = t.id AND d.revoked_at IS NULL
            AND d.starts_at <= clock_timestamp() AND d.ends_at > clock_timestamp())))
$$;

CREATE OR REPLACE FUNCTION records_guard_confirmation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND (NEW.withdrawn_at IS NOT NULL OR NOT records_teaches(NEW.by_id, NEW.assignment_id, NEW.sheet_id)) THEN
        PERFORM records_refuse('a sheet is confirmed by those who teach the subject in the class');
    END IF;
    IF TG_OP = 'UPDATE' AND ((to_jsonb(NEW) - 'withdrawn_at') <> (to_jsonb(OLD) - 'withdrawn_at')
                             OR OLD.withdrawn_at IS NOT NULL) THEN
        PERFORM records_refuse('a confirmation is taken back, never changed');
    ELSIF NOT EXISTS (SELECT FROM records_marksheet s
                      JOIN records_classperiod c ON c.school_class_id = s.school_class_id AND c.period_id = s.period_id
                      WHERE s.id = NEW.sheet_id AND c.state IN ({WRITABLE})) THEN
        PERFORM records_refuse('the class has been submitted: its confirmations stand');
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER guard BEFORE INSERT OR UPDATE ON records_sheetconfirmation FOR EACH ROW EXECUTE FUNCTION records_guard_confirmation();
"""
