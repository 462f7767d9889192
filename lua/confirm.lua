-- Turns holds into sales.
--
-- The race it decides: a confirmation against the hold's deadline. At the deadline or after it the
-- answer is HOLD_EXPIRED, whether or not anything has ended the hold yet; a seat that another claim
-- took meanwhile can therefore never be confirmed by its former holder.
--
-- ARGV[3…] commands: id c16, user c16
-- Details  DONE, REPLAYED: the record. WRONG_STATE: the record.
-- Work     O(seats) a command.

return run_batch(3, function(_, now, command)
  local record, id, packed = find_own(command)
  if not record then
    return NOT_FOUND
  elseif record.state == CONFIRMED then
    return REPLAYED, packed
  elseif record.state == EXPIRED or (record.state == HELD and record.deadline <= now) then
    return HOLD_EXPIRED
  elseif record.state ~= HELD then
    return WRONG_STATE, packed
  end
  record.confirmed_at = now
  packed = transition(id, record, CONFIRMED_VERB, CONFIRMED, BY_USER, now)
  write_states(seats_of(record.lines), SOLD)
  write_owned(record.user, id, owned_entry(id, record.count, 0))
  redis.call('ZREM', DEADLINES, CONCERT .. id)
  return DONE, packed
end)
