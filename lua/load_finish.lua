-- Opens a loaded concert for claims: the settings are written last, in one step.
--
-- The race it decides: an organiser's change against a load that had read the concert before it. What
-- configure left behind meanwhile is newer, and stays.
--
-- KEYS[10] the partition's epoch; KEYS[11] the partition's set of loaded concerts
-- ARGV[2]  the epoch the caller believes in; ARGV[3] token; ARGV[4] the concert's key prefix
-- ARGV[5]  number of seats; ARGV[6] the concert's version
-- ARGV[7…] field, value pairs of the settings
-- Reply    DONE, WRONG_EPOCH, or NOT_LOADED when another load has begun or this one was finished

if redis.call('GET', KEYS[10]) ~= ARGV[2] then
  return WRONG_EPOCH
elseif redis.call('HGET', META, 'loading') ~= ARGV[3] then
  return NOT_LOADED
end
-- The marker tells readers of the log to look at the concert afresh, and gives it a first position.
append_marker()
write_changes()
redis.call('SADD', KEYS[11], ARGV[4])
redis.call('HDEL', META, 'loading')
if (tonumber(redis.call('HGET', META, 'version')) or 0) < tonumber(ARGV[6]) then
  redis.call('HSET', META, unpack(ARGV, 7))
end
redis.call('HSET', META, 'epoch', ARGV[2], 'capacity', ARGV[5])
return DONE
