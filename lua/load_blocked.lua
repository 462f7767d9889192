-- Blocks seats of a concert that is being loaded, before its reservations come: should PostgreSQL have
-- a seat both as blocked and as sold, it is sold.
--
-- ARGV[2]  token of the load
-- ARGV[3…] seats; at most 1,000 (SEATS_PER_LOAD_MAX)
-- Reply    DONE, or NOT_LOADED when another load has begun or this one was finished

if redis.call('HGET', META, 'loading') ~= ARGV[2] then
  return NOT_LOADED
end
write_states({ unpack(ARGV, 3) }, 3)
write_changes()
return DONE
