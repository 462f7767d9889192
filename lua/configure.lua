-- Brings a loaded concert's settings up to a newer version of the concert.
--
-- Any instance may call it at any time: only a higher version writes, so a late call with an older
-- version can never undo a newer one. While the concert is being loaded, the settings are left for
-- load_finish to find: the loader may have read older ones.
--
-- ARGV[2]  the epoch the caller believes in; ARGV[3] the concert's version
-- ARGV[4…] field, value pairs of the settings, the version among them
-- Reply    DONE, NOT_LOADED, WRONG_EPOCH, or REPLAYED (this version or a newer one is there)

local settings = read_settings()
if not settings then
  local known = tonumber(redis.call('HGET', META, 'version')) or 0
  if redis.call('HEXISTS', META, 'loading') == 1 and known < tonumber(ARGV[3]) then
    redis.call('HSET', META, unpack(ARGV, 4))
  end
  return NOT_LOADED
elseif tonumber(ARGV[2]) ~= settings.epoch then
  return WRONG_EPOCH
elseif settings.version >= tonumber(ARGV[3]) then
  return REPLAYED
end
append_marker()
write_changes()
redis.call('HSET', META, unpack(ARGV, 4))
return DONE
