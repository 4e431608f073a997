-- What each closing says, as it was signed (Ed25519, base64; db/closing.ts). For each one there is a row "books-closed" in `step`
-- with its number and signature, so that the chain of rows misses a closing that was taken out.
CREATE TABLE closing (
  number INTEGER PRIMARY KEY,
  last_seq INTEGER NOT NULL,
  statement TEXT NOT NULL CHECK (json_valid(statement)),
  signature TEXT NOT NULL CHECK (length(signature) = 88)
) STRICT;

CREATE TRIGGER closing_is_never_changed BEFORE UPDATE ON closing BEGIN
  SELECT RAISE(ABORT, 'the journal is append-only: a closing is never changed');
END;

CREATE TRIGGER closing_is_never_deleted BEFORE DELETE ON closing BEGIN
  SELECT RAISE(ABORT, 'the journal is append-only: a closing is never deleted');
END;

CREATE TRIGGER closing_follows_the_last BEFORE INSERT ON closing
WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM closing) BEGIN
  SELECT RAISE(ABORT, 'the journal is append-only: a closing follows the last one');
END;
