-- Begins a look at PostgreSQL as it stands in one moment: that of the next statement.
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY
