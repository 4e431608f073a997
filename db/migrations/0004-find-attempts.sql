-- Somebody asks what became of their money, by the number on their slip or with their card: both are found in a journal of years.
CREATE INDEX step_by_attempt ON step (attempt);

-- By the attempt's record (main/session/attempt.ts). A body that is damaged belongs to no card: it is for verify to name, and keeps
-- nobody from writing rows or opening the file.
CREATE INDEX step_by_card ON step (
  CASE WHEN json_valid(body) THEN body ->> '$.cardNumber' END
);
