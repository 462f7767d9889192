-- Ends anybody's reservation for the concert's organiser: a hold is released, and a sale cancelled, also
-- after the time for giving tickets back.
--
-- ARGV[3…] commands: id c16, the state B to bring it to (RELEASED or CANCELLED)
-- Details  DONE, REPLAYED, WRONG_STATE: the record.
-- Work     O(places) a command.

local function release(id, record, packed, now)
  if record.state == RELEASED or record.state == EXPIRED then
    return REPLAYED, packed
  elseif record.state ~= HELD then
    return WRONG_STATE, packed
  elseif record.deadline <= now then
    return DONE, end_hold(id, record, EXPIRED_VERB, EXPIRED, BY_OVERDUE, now)
  end
  return DONE, end_hold(id, record, RELEASED_VERB, RELEASED, BY_ORGANISER, now)
end

local function cancel(id, record, packed, now)
  if record.state == CANCELLED then
    return REPLAYED, packed
  elseif record.state ~= CONFIRMED then
    return WRONG_STATE, packed
  end
  packed = transition(id, record, CANCELLED_VERB, CANCELLED, BY_ORGANISER, now)
  write_states(seats_of(record.seat_lines), AVAILABLE)
  write_areas(record.area_lines, 0, -1)
  write_owned(record.user, id, '')
  return DONE, packed
end

return run_batch(3, function(_, now, command)
  local id, wanted = struct.unpack('>c16B', command)
  local packed = read_record(id)
  if not packed then
    return NOT_FOUND
  end
  local bring_there = wanted == RELEASED and release or cancel
  return bring_there(id, unpack_record(packed), packed, now)
end)
