-- Takes a part of a batch back. The savepoint is released as well, because the next one would else
-- nest in it, and looking at a row costs time by the depth.
ROLLBACK TO SAVEPOINT part;
RELEASE SAVEPOINT part
