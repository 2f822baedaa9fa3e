"""The SQL that writes the history: one trigger function, attached to every recorded table by its migration.

Statement-level, with transition tables: one entry per statement and chain, with only the changed cells, old → new. The
function runs with its owner's rights, so that the application's role can write the history in no other way. Plain SQL,
because a trigger that a session variable can switch off is none.
"""

from dataclasses import dataclass

from django.db.migrations.operations import RunSQL

# Keys whose change is not a change of the record, and keys whose value never enters the history.
FUNCTIONS = r"""
CREATE FUNCTION hocbaso_changes(old_row jsonb, new_row jsonb, ignored text[], hidden text[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    -- Column → [old, new]; within a column that holds an object, "column.key" → [old, new] for the changed keys only.
    SELECT jsonb_object_agg(name, CASE WHEN name = ANY (hidden) THEN '["***", "***"]'::jsonb
                                       ELSE jsonb_build_array(old_value, new_value) END)
    FROM (
        SELECT key AS name, o.value AS old_value, n.value AS new_value
        FROM jsonb_each(old_row) o FULL JOIN jsonb_each(new_row) n USING (key)
        WHERE o.value IS DISTINCT FROM n.value AND key <> ALL (ignored)
          AND (key = ANY (hidden)
               OR NOT (coalesce(jsonb_typeof(o.value), '') = 'object' AND coalesce(jsonb_typeof(n.value), '') = 'object'))
        UNION ALL
        SELECT c.key || '.' || cell.key, cell.old_value, cell.new_value
        FROM jsonb_each(old_row) c JOIN jsonb_each(new_row) d USING (key)
        CROSS JOIN LATERAL (
            SELECT key, x.value AS old_value, y.value AS new_value
            FROM jsonb_each(CASE jsonb_typeof(c.value) WHEN 'object' THEN c.value ELSE '{}' END) x
            FULL JOIN jsonb_each(CASE jsonb_typeof(d.value) WHEN 'object' THEN d.value ELSE '{}' END) y USING (key)
            WHERE x.value IS DISTINCT FROM y.value
        ) cell
        WHERE c.key <> ALL (ignored || hidden) AND jsonb_typeof(c.value) = 'object' AND jsonb_typeof(d.value) = 'object'
    ) changed
$$;

CREATE FUNCTION hocbaso_lock_chain(chain_kind text, chain_key bigint) RETURNS schools_historychain
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE chain schools_historychain;
BEGIN
    SELECT * INTO chain FROM schools_historychain WHERE kind = chain_kind AND key = chain_key FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO schools_historychain (kind, key, seq, head)
        VALUES (chain_kind, chain_key, 0, sha256(convert_to(chain_kind || ':' || chain_key, 'UTF8')))
        ON CONFLICT (kind, key) DO NOTHING;
        SELECT * INTO chain FROM schools_historychain WHERE kind = chain_kind AND key = chain_key FOR UPDATE;
    END IF;
    RETURN chain;
END $$;

CREATE FUNCTION hocbaso_lock_chains(chain_kinds text[], chain_keys bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE wanted record;
BEGIN
    -- Always in the same order, so that two actions over several chains cannot wait for each other.
    FOR wanted IN SELECT DISTINCT kind, key FROM unnest(chain_kinds, chain_keys) t(kind, key) ORDER BY kind, key LOOP
        PERFORM hocbaso_lock_chain(wanted.kind, wanted.key);
    END LOOP;
END $$;

CREATE FUNCTION hocbaso_append(
    chain_kind text, chain_key bigint, table_name text, op text,
    row_ids bigint[], student_ids bigint[], payloads jsonb[]
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    chain schools_historychain;
    entry schools_historyentry;
    salts bytea[];
    header jsonb;
BEGIN
    chain := hocbaso_lock_chain(chain_kind, chain_key);
    entry.id := nextval(pg_get_serial_sequence('schools_historyentry', 'id'));
    entry.seq := chain.seq + 1;
    entry.at := clock_timestamp();
    entry.actor_id := nullif(current_setting('hocbaso.actor', true), '')::bigint;
    entry.action := left(coalesce(current_setting('hocbaso.action', true), ''), 60);
    entry.method := left(coalesce(nullif(current_setting('hocbaso.method', true), ''), 'sql'), 20);
    entry.reason := coalesce(current_setting('hocbaso.reason', true), '');
    entry.request_id := left(coalesce(current_setting('hocbaso.request', true), ''), 36);
    entry.address := left(coalesce(nullif(current_setting('hocbaso.address', true), ''),
                                   host(inet_client_addr()), 'local'), 45);
    entry.database_user := session_user;
    header := jsonb_build_array(
        chain_kind, chain_key, entry.seq, (extract(epoch FROM entry.at) * 1000000)::bigint, table_name, op,
        entry.actor_id, entry.action, entry.method, entry.reason, entry.request_id, entry.database_user, entry.address
    );
    SELECT array_agg(uuid_send(gen_random_uuid())) INTO salts FROM generate_series(1, cardinality(row_ids));
    SELECT array_agg(sha256(salt || convert_to(payload::text, 'UTF8')) ORDER BY ordinal) INTO entry.digests
    FROM unnest(salts, payloads) WITH ORDINALITY t(salt, payload, ordinal);
    entry.hash := sha256(
        chain.head || sha256(convert_to(header::text, 'UTF8'))
        || sha256((SELECT string_agg(digest, ''::bytea ORDER BY ordinal)
                   FROM unnest(entry.digests) WITH ORDINALITY d(digest, ordinal)))
    );
    INSERT INTO schools_historyentry (id, chain_id, seq, at, "table", operation, actor_id, action, method, reason,
                                      request_id, database_user, address, digests, hash)
    VALUES (entry.id, chain.id, entry.seq, entry.at, table_name, op, entry.actor_id, entry.action, entry.method,
            entry.reason, entry.request_id, entry.database_user, entry.address, entry.digests, entry.hash);
    INSERT INTO schools_historypayload (entry_id, ordinal, row_id, student_id, salt, payload)
    SELECT entry.id, ordinal, row_id, student_id, salt, payload
    FROM unnest(row_ids, student_ids, salts, payloads) WITH ORDINALITY t(row_id, student_id, salt, payload, ordinal);
    UPDATE schools_historychain SET seq = entry.seq, head = entry.hash WHERE id = chain.id;
END $$;

CREATE FUNCTION hocbaso_record() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    chain_kind text := TG_ARGV[0];
    chain_key text := TG_ARGV[1];        -- an expression over the row "r"; no value means the province's chain
    hidden text[] := string_to_array(TG_ARGV[2], ',');
    ignored text[] := string_to_array(TG_ARGV[3], ',');
    student text := TG_ARGV[4];          -- an expression over the row "r": the student it is about
    op text := left(TG_OP, 1);
    source text;
    found record;
    stray bigint;
BEGIN
    IF op = 'U' THEN
        EXECUTE 'SELECT count(*) FROM new_rows n FULL JOIN old_rows o USING (id) WHERE n IS NULL OR o IS NULL' INTO stray;
        IF stray > 0 THEN
            RAISE EXCEPTION 'a primary key of % may not be changed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        source := format(
            'SELECT %1$s AS key, r.id, %2$s AS student, c.changes FROM %%s r JOIN old_rows o USING (id) JOIN new_rows n USING (id)
             CROSS JOIN LATERAL hocbaso_changes(to_jsonb(o), to_jsonb(n), $1, $2) c(changes) WHERE c.changes IS NOT NULL',
            chain_key, student);
        source := format(source, 'new_rows') || ' UNION ' || format(source, 'old_rows');
    ELSE
        source := format(
            'SELECT %1$s AS key, r.id, %2$s AS student,
                    (SELECT jsonb_object_agg(key, CASE WHEN key = ANY ($2) AND value <> ''null'' THEN ''"***"'' ELSE value END)
                     FROM jsonb_each(to_jsonb(r)) WHERE key <> ALL ($1)) AS changes
             FROM %3$s r', chain_key, student, CASE op WHEN 'I' THEN 'new_rows' ELSE 'old_rows' END);
    END IF;
    FOR found IN EXECUTE format(
        'SELECT key, array_agg(id ORDER BY id) AS ids, array_agg(student ORDER BY id) AS students,
                array_agg(jsonb_build_object(''table'', %L::text, ''op'', %L::text, ''id'', id, ''student'', student,
                                             ''changes'', changes) ORDER BY id) AS payloads
         FROM (%s) changed GROUP BY key ORDER BY key NULLS FIRST', TG_TABLE_NAME, op, source)
        USING ignored, hidden
    LOOP
        PERFORM hocbaso_append(
            CASE WHEN found.key IS NULL THEN 'PROVINCE' ELSE chain_kind END, coalesce(found.key, 0),
            TG_TABLE_NAME, op, found.ids, found.students, found.payloads);
    END LOOP;
    RETURN NULL;
END $$;

CREATE FUNCTION hocbaso_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: nothing of the record is deleted or overwritten', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

REVOKE ALL ON FUNCTION hocbaso_append(text, bigint, text, text, bigint[], bigint[], jsonb[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION hocbaso_lock_chain(text, bigint) FROM PUBLIC;
"""

DROP_FUNCTIONS = """
DROP FUNCTION hocbaso_refuse(), hocbaso_record(), hocbaso_append(text, bigint, text, text, bigint[], bigint[], jsonb[]),
    hocbaso_lock_chains(text[], bigint[]), hocbaso_lock_chain(text, bigint),
    hocbaso_changes(jsonb, jsonb, text[], text[]);
"""

_EVENTS = (
    ("insert", "REFERENCING NEW TABLE AS new_rows"),
    ("update", "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows"),
    ("delete", "REFERENCING OLD TABLE AS old_rows"),
)


@dataclass(frozen=True)
class Chain:
    """Which chain a row belongs to: a kind and an SQL expression over the row ``r`` giving the chain's key."""

    kind: str
    key: str


PROVINCE_CHAIN = Chain("PROVINCE", "NULL::bigint")
SCHOOL_CHAIN = Chain("SCHOOL", "r.school_id")
CLASS_CHAIN = Chain("CLASS", "r.school_class_id")


def record(
    table: str,
    chain: Chain,
    *,
    hidden: tuple[str, ...] = (),
    ignored: tuple[str, ...] = (),
    student: str = "NULL::bigint",
    may_delete: bool = False,
) -> RunSQL:
    """A migration operation: from here on every change of ``table`` is written to the history.

    ``hidden`` columns are recorded as changed without their value (secrets), ``ignored`` ones not at all (counters of
    use); ``student`` is an SQL expression over the row ``r``. TRUNCATE is refused, and DELETE unless ``may_delete``.
    """
    arguments = ", ".join(
        "'{}'".format(text.replace("'", "''"))
        for text in (chain.kind, chain.key, ",".join(hidden), ",".join(ignored), student)
    )
    up, down = [], []
    for event, transition in _EVENTS:
        up.append(
            f"CREATE TRIGGER history_{event} AFTER {event.upper()} ON {table} {transition} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION hocbaso_record({arguments});"
        )
        down.append(f"DROP TRIGGER history_{event} ON {table};")
    up.append(_refusal(table, "TRUNCATE"))
    down.append(f"DROP TRIGGER refuse_truncate ON {table};")
    if not may_delete:
        up.append(_refusal(table, "DELETE"))
        down.append(f"DROP TRIGGER refuse_delete ON {table};")
    return RunSQL("\n".join(up), "\n".join(down))


def append_only(table: str) -> RunSQL:
    """A migration operation: rows of ``table`` are added and never changed, by whatever role."""
    events = ("UPDATE", "DELETE", "TRUNCATE")
    return RunSQL(
        "\n".join(_refusal(table, event) for event in events),
        "\n".join(f"DROP TRIGGER refuse_{event.lower()} ON {table};" for event in events),
    )


def never_updated(table: str) -> RunSQL:
    """A migration operation: rows of a recorded ``table`` are added and never changed, by whatever role."""
    return RunSQL(_refusal(table, "UPDATE"), f"DROP TRIGGER refuse_update ON {table};")


def _refusal(table: str, event: str) -> str:
    return (
        f"CREATE TRIGGER refuse_{event.lower()} BEFORE {event} ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION hocbaso_refuse();"
    )
