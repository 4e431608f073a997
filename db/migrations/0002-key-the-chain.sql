-- From row `first_seq` on, `hash` is HMAC-SHA-256, hex, with the key that calls itself `key_id` (db/key.ts). The rows before
-- it, of a journal that is older than this table, keep their unkeyed hashes; then row `first_seq` says so: "chain-keyed".
CREATE TABLE chain_key (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  first_seq INTEGER NOT NULL CHECK (first_seq > 0),
  key_id TEXT NOT NULL CHECK (length(key_id) = 16)
) STRICT;

CREATE TRIGGER chain_key_is_never_changed BEFORE UPDATE ON chain_key BEGIN
  SELECT RAISE(ABORT, 'the journal is append-only: its key is never changed');
END;

CREATE TRIGGER chain_key_is_never_deleted BEFORE DELETE ON chain_key BEGIN
  SELECT RAISE(ABORT, 'the journal is append-only: its key is never deleted');
END;
