-- The steps, append-only. `hash` is SHA-256, hex, over previous_hash and the fields of the row: see db/chain.ts.
-- AUTOINCREMENT keeps the highest seq ever given in sqlite_sequence, so that a newest row that was deleted is missed.
CREATE TABLE step (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  wall_ms INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind <> ''),
  attempt TEXT NOT NULL CHECK (attempt <> ''),
  settled INTEGER NOT NULL CHECK (settled IN (0, 1)),
  body TEXT NOT NULL CHECK (json_valid(body)),
  previous_hash TEXT NOT NULL CHECK (length(previous_hash) = 64),
  hash TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;

-- The attempts whose last step is not settled: a handful of rows, however long the journal is.
CREATE TABLE open_attempt (
  attempt TEXT PRIMARY KEY,
  first_seq INTEGER NOT NULL REFERENCES step (seq),
  last_seq INTEGER NOT NULL REFERENCES step (seq)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER step_is_never_changed BEFORE UPDATE ON step BEGIN
  SELECT RAISE(ABORT, 'the journal is append-only: a step is never changed');
END;

CREATE TRIGGER step_is_never_deleted BEFORE DELETE ON step BEGIN
  SELECT RAISE(ABORT, 'the journal is append-only: a step is never deleted');
END;

-- Also keeps INSERT OR REPLACE, which fires no delete trigger, from writing over a step.
CREATE TRIGGER step_follows_the_last BEFORE INSERT ON step
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM step) BEGIN
  SELECT RAISE(ABORT, 'the journal is append-only: a step follows the last one');
END;

CREATE TRIGGER step_opens_attempt AFTER INSERT ON step WHEN NEW.settled = 0 BEGIN
  INSERT INTO open_attempt (attempt, first_seq, last_seq) VALUES (NEW.attempt, NEW.seq, NEW.seq)
  ON CONFLICT (attempt) DO UPDATE SET last_seq = NEW.seq;
END;

CREATE TRIGGER step_settles_attempt AFTER INSERT ON step WHEN NEW.settled = 1 BEGIN
  DELETE FROM open_attempt WHERE attempt = NEW.attempt;
END;
