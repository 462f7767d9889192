-- Takes one request from what somebody may ask for, on all instances together (GCRA: what is allowed
-- comes back evenly, and as much as comes back in a minute may be used at once). No verb: it is about
-- sign-ins, knows of no seat, and is sent with its text (EVAL).
--
-- KEYS[1] whose limit: when all of it will be back, in ms; gone by then
-- ARGV[1] how many in a minute
-- Reply   {1 if it was allowed, else 0; how many could follow at once; ms until all are back; ms until
--         one is}
-- Work    O(1)

local MINUTE_MS = 60000
local quota = tonumber(ARGV[1])
local each = MINUTE_MS / quota
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local back = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
local next_back = back + each
if next_back - now > MINUTE_MS then
  return {0, 0, math.ceil(back - now), math.ceil(next_back - now - MINUTE_MS)}
end
redis.call('SET', KEYS[1], string.format('%.3f', next_back), 'PX', math.ceil(next_back - now))
return {1, math.floor((MINUTE_MS - (next_back - now)) / each), math.ceil(next_back - now), 0}
