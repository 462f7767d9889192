-- Keeps a part of a batch.
RELEASE SAVEPOINT part
