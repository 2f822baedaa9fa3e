"""Who places a school's students into classes of the next year, and what of a placing changes: that it is taken back."""

from records.models.guards.words import TODAY

NEW_YEAR = f"""
CREATE OR REPLACE FUNCTION records_keeps_school(person bigint, school bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM schools_roleassignment r WHERE r.user_id = person AND r.school_id = school AND r.role = 'VAN_THU'
        AND r.starts_on <= {TODAY} AND (r.ends_on IS NULL OR r.ends_on > {TODAY}))
$$;

CREATE OR REPLACE FUNCTION records_guard_placing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM schools_schoolyear y WHERE y.id = NEW.to_year_id AND y.closed_at IS NOT NULL) THEN
        PERFORM records_refuse('the school year is closed');
    ELSIF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT FROM schools_schoolyear a, schools_schoolyear b
                       WHERE a.id = NEW.from_year_id AND b.id = NEW.to_year_id AND b.first_year = a.first_year + 1) THEN
            PERFORM records_refuse('students are placed from a year into the next one');
        ELSIF NEW.taken_back_at IS NOT NULL OR NOT records_keeps_school(NEW.by_id, NEW.school_id) THEN
            PERFORM records_refuse('the clerk of the school places its students');
        END IF;
    ELSIF (NEW.school_id, NEW.from_year_id, NEW.to_year_id, NEW.placed, NEW.made, NEW.by_id)
            IS DISTINCT FROM (OLD.school_id, OLD.from_year_id, OLD.to_year_id, OLD.placed, OLD.made, OLD.by_id) THEN
        PERFORM records_refuse('what a placing did is never changed');
    ELSIF OLD.taken_back_at IS NOT NULL OR NEW.taken_back_at IS NULL THEN
        PERFORM records_refuse('a placing is taken back once');
    ELSIF NOT records_keeps_school(NEW.taken_back_by_id, NEW.school_id) THEN
        PERFORM records_refuse('the clerk of the school takes a placing back');
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER guard BEFORE INSERT OR UPDATE ON records_newyearplacing FOR EACH ROW EXECUTE FUNCTION records_guard_placing();
"""

DROP_NEW_YEAR = """
DROP TRIGGER guard ON records_newyearplacing; DROP FUNCTION records_guard_placing(); DROP FUNCTION records_keeps_school(bigint, bigint);
"""
