"""The SQL that compares rows as they stand with what the history says of them.

Every later change of a row is undone, newest first, each from exactly the value it led to; what is left must be what its
first entry says, or, for rows that were loaded in bulk, what the opening entry of their chain holds the digest of.
"""

FUNCTIONS = """
CREATE FUNCTION hocbaso_undo_step(state jsonb, row_now jsonb, changes jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    result jsonb := coalesce(state, row_now);
    change record;
    place text[];
BEGIN
    FOR change IN SELECT key, value -> 0 AS old, value -> 1 AS new FROM jsonb_each(changes)
                  WHERE value <> '["***", "***"]' LOOP
        -- "column", or "column.key" for a cell within a column that holds an object
        place := CASE WHEN result ? change.key THEN ARRAY[change.key]
                 ELSE ARRAY[split_part(change.key, '.', 1), substr(change.key, strpos(change.key, '.') + 1)] END;
        IF coalesce(result #> place, 'null') <> change.new THEN
            result := result || '{"?": true}';  -- somebody wrote here past the history
        END IF;
        result := CASE WHEN change.old = 'null' AND cardinality(place) = 2 THEN result #- place
                  ELSE jsonb_set(result, place, change.old) END;
    END LOOP;
    RETURN result;
END $$;

CREATE AGGREGATE hocbaso_undone(row_now jsonb, changes jsonb) (sfunc = hocbaso_undo_step, stype = jsonb);
"""

DROP_FUNCTIONS = """
DROP AGGREGATE hocbaso_undone(jsonb, jsonb);
DROP FUNCTION hocbaso_undo_step(jsonb, jsonb, jsonb);
"""

# The tables that are recorded, with the arguments of their triggers: kind of chain, key of the chain over the row r,
# hidden columns, ignored ones; and all their columns.
RECORDED = """
SELECT c.relname, t.tgargs, ARRAY(SELECT attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0
                                  AND NOT a.attisdropped ORDER BY attnum)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname = 'history_insert' ORDER BY c.relname
"""

# A row in one text, for a digest: without null values, for an empty cell and a missing one are the same.
DIGEST = "encode(sha256(convert_to(string_agg(jsonb_strip_nulls({row} - {left_out})::text, E'\\n' ORDER BY {id}), 'UTF8')), 'hex')"

_BEGAN = """
WITH noted AS (
    SELECT e.operation, p.entry_id, p.row_id, p.payload -> 'changes' AS changes
    FROM schools_historyentry e JOIN schools_historypayload p ON p.entry_id = e.id WHERE e."table" = '{table}'
), inserted AS (
    SELECT DISTINCT ON (row_id) row_id, changes FROM noted WHERE operation = 'I' ORDER BY row_id, entry_id DESC
), later AS (  -- a row that moved to another chain has the same change in both
    SELECT entry_id, row_id, changes, lag(changes) OVER (PARTITION BY row_id ORDER BY entry_id) AS before
    FROM noted WHERE operation = 'U'
), undone AS (
    SELECT r.id, hocbaso_undone(to_jsonb(r), n.changes ORDER BY n.entry_id DESC) AS began
    FROM {table} r JOIN later n ON n.row_id = r.id AND n.changes IS DISTINCT FROM n.before GROUP BY r.id
)
"""

# Rows that the history knows from their first entry and that are not what it says; rows that are gone without a word.
STRAY_ROWS = (
    _BEGAN
    + """
SELECT i.row_id FROM inserted i LEFT JOIN {table} r ON r.id = i.row_id LEFT JOIN undone u ON u.id = i.row_id
WHERE CASE WHEN r.id IS NULL THEN NOT EXISTS (SELECT FROM noted d WHERE d.operation = 'D' AND d.row_id = i.row_id)
      ELSE u.began ? '?' IS TRUE OR jsonb_strip_nulls(i.changes - %(hidden)s::text[]) IS DISTINCT FROM (
          SELECT jsonb_strip_nulls(jsonb_object_agg(key, value)) FROM jsonb_each(coalesce(u.began, to_jsonb(r)))
          WHERE i.changes ? key AND key <> ALL (%(hidden)s::text[])) END
ORDER BY i.row_id LIMIT 20
"""
)

# Chains whose rows without a first entry are not those of their opening: (key, rows said, rows there, same digest).
STRAY_OPENINGS = (
    _BEGAN
    + """
, opened AS (
    SELECT ({key}) AS key, r.id, to_jsonb(r) AS began FROM {table} r
    WHERE NOT EXISTS (SELECT FROM undone u WHERE u.id = r.id)
    AND NOT EXISTS (SELECT FROM inserted i WHERE i.row_id = r.id)
    UNION ALL
    SELECT ({key}), u.id, u.began FROM undone u CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, u.began) r
    WHERE NOT EXISTS (SELECT FROM inserted i WHERE i.row_id = u.id)
), said AS (
    SELECT c.key, p.payload -> 'changes' -> '{table}' AS said
    FROM schools_historyentry e JOIN schools_historypayload p ON p.entry_id = e.id
    JOIN schools_historychain c ON c.id = e.chain_id AND c.kind = %(kind)s
    WHERE e."table" = 'opening' AND p.payload -> 'changes' ? '{table}'
), there AS (
    SELECT o.key, count(*) AS n, {digest} AS digest
    FROM opened o LEFT JOIN LATERAL (
        SELECT ARRAY(SELECT unnest(%(columns)s::text[]) EXCEPT SELECT jsonb_array_elements_text(s.said -> 'columns')) AS left_out
        FROM said s WHERE s.key = o.key
    ) k ON true GROUP BY o.key
)
SELECT coalesce(s.key, t.key), coalesce((s.said ->> 'rows')::bigint, 0), coalesce(t.n, 0)
FROM said s FULL JOIN there t ON t.key = s.key
WHERE s.said IS NULL OR t.n IS DISTINCT FROM (s.said ->> 'rows')::bigint OR t.digest IS DISTINCT FROM s.said ->> 'sha256'
ORDER BY 1 LIMIT 20
"""
)
