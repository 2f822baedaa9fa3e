"""A class that was taken back takes nobody any more: the database says so to whoever looked before it was."""

REFUSE_VOIDED = """
CREATE OR REPLACE FUNCTION schools_refuse_voided_class() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM schools_schoolclass c WHERE c.id = NEW.school_class_id AND c.voided_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the class was taken back' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER enrolment_of_class_in_use BEFORE INSERT ON schools_enrolment
    FOR EACH ROW EXECUTE FUNCTION schools_refuse_voided_class();
CREATE TRIGGER teaching_of_class_in_use BEFORE INSERT ON schools_teachingassignment
    FOR EACH ROW EXECUTE FUNCTION schools_refuse_voided_class();
CREATE TRIGGER homeroom_of_class_in_use BEFORE INSERT ON schools_homeroomassignment
    FOR EACH ROW EXECUTE FUNCTION schools_refuse_voided_class();
CREATE OR REPLACE FUNCTION schools_guard_voiding() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.voided_at IS NOT NULL OR EXISTS (
        SELECT FROM schools_enrolment e WHERE e.school_class_id = NEW.id
                     AND (e.ends_on IS NULL OR e.ending <> 'GHI_NHAM')
    ) THEN
        RAISE EXCEPTION 'a class with students is not taken back, nor one twice' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER class_taken_back BEFORE UPDATE OF voided_at ON schools_schoolclass
    FOR EACH ROW WHEN (NEW.voided_at IS DISTINCT FROM OLD.voided_at) EXECUTE FUNCTION schools_guard_voiding();
"""
ACCEPT_VOIDED = """
DROP TRIGGER class_taken_back ON schools_schoolclass;
DROP TRIGGER homeroom_of_class_in_use ON schools_homeroomassignment;
DROP TRIGGER teaching_of_class_in_use ON schools_teachingassignment;
DROP TRIGGER enrolment_of_class_in_use ON schools_enrolment;
DROP FUNCTION schools_guard_voiding;
DROP FUNCTION schools_refuse_voided_class;
"""
