-- Starts loading a concert: clears what an earlier epoch left, and makes every seat available.
--
-- Two instances may load at once. The token of the last to begin is the only one that load_records
-- and load_finish accept, so that the slower loader can never write over claims that were granted
-- after the faster one had finished.
--
-- KEYS[10] the partition's epoch
-- ARGV[2]  the epoch the caller believes in; ARGV[3] token; ARGV[4] number of seats
-- ARGV[5…] the capacity of each area, in the order of their numbers
-- Reply    DONE, WRONG_EPOCH (the partition's is another), or REPLAYED (loaded in this epoch)

if redis.call('GET', KEYS[10]) ~= ARGV[2] then
  return WRONG_EPOCH
elseif redis.call('HGET', META, 'epoch') == ARGV[2] then
  return REPLAYED
end
local capacity = tonumber(ARGV[4])
redis.call('DEL', META, SEATS, HOLDERS, RESERVATIONS, OWNERS, AREAS, AREA_HOLDS)
if capacity > 0 then
  redis.call('SETRANGE', SEATS, math.ceil(capacity / 4) - 1, '\0')
  redis.call('SETRANGE', HOLDERS, capacity * 16 - 1, '\0')
end
for at = 5, #ARGV do
  redis.call('HSET', AREAS, at - 5, struct.pack('>I4I4I4', tonumber(ARGV[at]), 0, 0))
end
redis.call('HSET', META, 'loading', ARGV[3])
return DONE
