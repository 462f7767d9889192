-- Ends overdue holds, and forgets holds that ended long enough ago.
--
-- Correctness never waits for it (reserve ends what stands in its way); it frees seats for people who
-- are looking. Whatever is not due after all, because it was extended or confirmed since the caller
-- looked, is left alone.
--
-- ARGV[2…] reservation ids c16 whose time has come
-- Reply    {position, now, ended, forgotten}
-- Work     O(seats) an id; the caller sends at most 500 (SWEEP_MAX).

local settings = read_settings()
local now = read_clock(settings and settings.position or '0')
local ended, forgotten = 0, 0

local function forget(id)
  forget_record(id)
  write_deadline(id, nil)
  forgotten = forgotten + 1
end

if settings then
  learn_records({ unpack(ARGV, 2) })
end
for at = 2, #ARGV do
  local id = ARGV[at]
  local packed = settings and read_record(id)
  local record = packed and unpack_record(packed)
  if not record then
    write_deadline(id, nil)
  elseif record.state == HELD then
    if record.deadline <= now then
      end_hold(id, record, EXPIRED_VERB, EXPIRED, BY_OVERDUE, now)
      ended = ended + 1
    end
  elseif record.state == CONFIRMED or record.state == CANCELLED then
    write_deadline(id, nil)
  elseif record.changed_at + RETENTION_MS <= now then
    forget(id)
  end
end
local position = write_changes() or (settings and settings.position) or ''
return { position, now, ended, forgotten }
