-- Keeps an answer, and forgets the oldest ones beyond a number, so that answers never take more room
-- than they were given, whatever callers ask for. No verb: it is about listings, runs on the cache's
-- Redis, and is sent with its text (EVAL).
--
-- KEYS[1] the answer's key      KEYS[2] sorted set: keys of answers → when they were written, in ms
-- ARGV[1] the answer            ARGV[2] how long it is kept, in ms      ARGV[3] answers at most
-- Reply   how many there are
-- Work    O(log answers), and for each that is forgotten

local time = redis.call('TIME')
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('ZADD', KEYS[2], time[1] * 1000 + math.floor(time[2] / 1000), KEYS[1])
local beyond = redis.call('ZCARD', KEYS[2]) - tonumber(ARGV[3])
if beyond > 0 then
  local oldest = redis.call('ZPOPMIN', KEYS[2], beyond)
  for at = 1, #oldest, 2 do
    redis.call('DEL', oldest[at])
  end
end
return redis.call('ZCARD', KEYS[2])
