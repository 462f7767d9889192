-- Seats that are kept for people who need them, such as places for wheelchairs: never given to anyone
-- who did not ask for one. PostgreSQL adds the column without rewriting the table.
ALTER TABLE seats ADD COLUMN accessible boolean NOT NULL DEFAULT false;
