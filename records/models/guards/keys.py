"""Keys: whose they are and what certifies them never changes; a revoked one stays revoked."""

KEYS = """
CREATE OR REPLACE FUNCTION records_guard_key() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE free text[] := ARRAY['locked', 'wrong_pins', 'revoked_at', 'valid_until'];
BEGIN
    IF to_jsonb(NEW) - free <> to_jsonb(OLD) - free OR NEW.valid_until > OLD.valid_until
       OR (OLD.revoked_at IS NOT NULL AND (NEW.revoked_at, NEW.locked) IS DISTINCT FROM (OLD.revoked_at, OLD.locked)) THEN
        PERFORM records_refuse('a key stays its holder''s, and a revoked one stays revoked');
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER guard BEFORE UPDATE ON records_signingkey FOR EACH ROW EXECUTE FUNCTION records_guard_key();
"""
