"""Who lets a regular result go, where and when."""

from records.rules import signoff

WAIVERS = f"""
CREATE OR REPLACE FUNCTION records_guard_waiver() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept records_marksheet;
    held records_classperiod;
BEGIN
    SELECT * INTO kept FROM records_marksheet WHERE id = NEW.sheet_id;
    SELECT * INTO held FROM records_classperiod c WHERE c.school_class_id = kept.school_class_id AND c.period_id = kept.period_id;
    IF (kept.school_class_id, kept.school_year_id, kept.subject_id, kept.period_id)
            IS DISTINCT FROM (NEW.school_class_id, NEW.school_year_id, NEW.subject_id, NEW.period_id) THEN
        PERFORM records_refuse('a waiver is of the sheet it names');
    ELSIF NOT EXISTS (SELECT FROM records_markrow r WHERE r.sheet_id = kept.id AND r.student_id = NEW.student_id) THEN
        PERFORM records_refuse('the student has no row in this sheet');
    ELSIF EXISTS (SELECT FROM unnest(NEW.columns) code WHERE code NOT LIKE 'TX%') THEN
        PERFORM records_refuse('regular results alone are let go');
    ELSIF NOT records_holds_role(NEW.by_id, '{signoff.PRINCIPAL}', kept.school_class_id, kept.school_id) THEN
        PERFORM records_refuse('the principal lets regular results go');
    ELSIF NOT records_says_for_whom(NEW.by_id, NEW.delegation_id, '{signoff.PRINCIPAL}', kept.school_id) THEN
        PERFORM records_refuse('who acts for the principal names the delegation, and nobody else does');
    END IF;
    PERFORM records_refuse_closed(kept.state, held.state);
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER guard BEFORE INSERT ON records_regularwaiver FOR EACH ROW EXECUTE FUNCTION records_guard_waiver();
"""

DROP_WAIVERS = "DROP TRIGGER guard ON records_regularwaiver; DROP FUNCTION records_guard_waiver();"
