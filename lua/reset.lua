-- Empties a partition whose state cannot be trusted, and starts its next epoch.
--
-- The caller has persisted the log as far as it survives. Should anything have been appended since,
-- nothing is emptied and the caller persists that first. So that the log stands still at last however many
-- claim, whoever appends is told that their epoch is over: every instance looks at it twice a second, and
-- then claims no more. Positions go on rising: the new log begins
-- after the highest position that anybody can have seen.
--
-- KEYS     log, deadlines, epoch, loaded (all of one partition; the concerts' keys share their slot)
-- ARGV[1]  last position of the log as persisted; ARGV[2] new epoch; ARGV[3] first position
-- ARGV[4…] suffixes of the keys that a concert has
-- Reply    1, or 0 when the log went on

local LOG, DEADLINES, EPOCH, LOADED = unpack(KEYS)
local last = '0-0'
if redis.call('EXISTS', LOG) == 1 then
  local info = redis.call('XINFO', 'STREAM', LOG)
  for at = 1, #info, 2 do
    if info[at] == 'last-generated-id' then
      last = info[at + 1]
    end
  end
end
if last ~= ARGV[1] then
  local epoch = redis.call('GET', EPOCH)
  if epoch and tonumber(epoch) < tonumber(ARGV[2]) then
    redis.call('SET', EPOCH, 0)
  end
  return 0
end
for _, prefix in ipairs(redis.call('SMEMBERS', LOADED)) do
  for at = 4, #ARGV do
    redis.call('UNLINK', prefix .. ARGV[at])
  end
end
redis.call('UNLINK', LOG, DEADLINES, LOADED)
redis.call('XADD', LOG, ARGV[3], 'e', '\0')
redis.call('SET', EPOCH, ARGV[2])
return 1
