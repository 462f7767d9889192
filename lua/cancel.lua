-- Gives sales back, until the concert's `cancel_until`.
--
-- The record stays: its key must find it for as long as the concert is loaded, or a late retry would
-- buy the seats again.
--
-- ARGV[3…] commands: id c16, user c16
-- Details  DONE, REPLAYED: the record. WRONG_STATE: the record.
-- Work     O(seats) a command.

learn_own(3)
return run_batch(3, function(settings, now, command)
  local record, id, packed = find_own(command)
  if not record then
    return NOT_FOUND
  elseif record.state == CANCELLED then
    return REPLAYED, packed
  elseif record.state ~= CONFIRMED then
    return WRONG_STATE, packed
  elseif now >= settings.cancel_until then
    return TOO_LATE_TO_CANCEL
  end
  packed = transition(id, record, CANCELLED_VERB, CANCELLED, BY_USER, now)
  write_states(seats_of(record.seat_lines), AVAILABLE)
  write_areas(record.area_lines, 0, -1)
  write_owned(record.user, id, '')
  return DONE, packed
end)
