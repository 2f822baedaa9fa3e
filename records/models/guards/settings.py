"""Who settles what the law leaves open, and for which year."""

from records.models.guards.words import TODAY

SETTINGS = f"""
CREATE OR REPLACE FUNCTION records_guard_setting() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held schools_schoolyear;
BEGIN
    SELECT * INTO held FROM schools_schoolyear WHERE id = NEW.school_year_id;
    IF held.closed_at IS NOT NULL THEN
        PERFORM records_refuse('the school year is closed');
    ELSIF NOT EXISTS (
            SELECT FROM schools_roleassignment r WHERE r.user_id = NEW.by_id AND r.role = 'QUAN_TRI_SO'
            AND r.authority_id = held.authority_id AND r.starts_on <= {TODAY} AND (r.ends_on IS NULL OR r.ends_on > {TODAY})) THEN
        PERFORM records_refuse('the province settles what the law leaves open');
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER guard BEFORE INSERT ON records_rulesetting FOR EACH ROW EXECUTE FUNCTION records_guard_setting();
"""

DROP_SETTINGS = "DROP TRIGGER guard ON records_rulesetting; DROP FUNCTION records_guard_setting();"
