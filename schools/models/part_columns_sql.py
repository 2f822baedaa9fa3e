"""No column of a subject is written by two of its parts at once, whoever shares them out. Asked when the transaction
ends, so that two parts can change columns with each other. Of the ties that hold until further notice: a tie that has
ended keeps the columns it ended with, which may be another's by now."""

REFUSE_SHARED_COLUMNS = """
CREATE OR REPLACE FUNCTION schools_refuse_shared_columns() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM schools_teachingassignment mine JOIN schools_teachingassignment other
            ON other.school_class_id = mine.school_class_id AND other.subject_id = mine.subject_id
            AND other.part <> mine.part AND other.columns && mine.columns
        WHERE mine.id = NEW.id AND mine.ends_on IS NULL AND other.ends_on IS NULL
    ) THEN
        RAISE EXCEPTION 'a column is written by one part of a subject' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER columns_of_one_part AFTER INSERT OR UPDATE ON schools_teachingassignment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.columns <> '{}')
    EXECUTE FUNCTION schools_refuse_shared_columns();
"""
ACCEPT_SHARED_COLUMNS = """
DROP TRIGGER columns_of_one_part ON schools_teachingassignment;
DROP FUNCTION schools_refuse_shared_columns;
"""
