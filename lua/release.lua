-- Gives holds back.
--
-- Releasing what is already released or expired changes nothing and is answered with the record, so
-- that a caller who lost the first answer gets it again.
--
-- ARGV[3…] commands: id c16, user c16
-- Details  DONE, REPLAYED: the record. WRONG_STATE: the record.
-- Work     O(seats) a command.

learn_own(3)
return run_batch(3, function(_, now, command)
  local record, id, packed = find_own(command)
  if not record then
    return NOT_FOUND
  elseif record.state == RELEASED or record.state == EXPIRED then
    return REPLAYED, packed
  elseif record.state ~= HELD then
    return WRONG_STATE, packed
  elseif record.deadline <= now then
    return DONE, end_hold(id, record, EXPIRED_VERB, EXPIRED, BY_OVERDUE, now)
  end
  return DONE, end_hold(id, record, RELEASED_VERB, RELEASED, BY_USER, now)
end)
