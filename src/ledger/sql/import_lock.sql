-- One import at a time, to the end of its transaction: two of the same map would both count the
-- same next version, and two of the same season would both find the same concerts missing.
SELECT pg_advisory_xact_lock(hashtext('frontrow import'))
