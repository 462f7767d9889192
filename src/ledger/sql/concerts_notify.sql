-- Arrives with the commit, so that whoever hears it reads the new row.
SELECT pg_notify('concert_changed', changed.id::text)
FROM UNNEST($1::uuid[]) AS changed (id)
