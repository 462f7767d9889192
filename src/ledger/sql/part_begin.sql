-- Begins a part of a batch, which can be taken back without the rest.
SAVEPOINT part
