-- Prolongs holds, each once: to a full hold from now, and never past twice the hold from its start. What
-- lasts longer than that already, because its organiser prolonged it, is left as it is, and can be
-- prolonged later.
--
-- ARGV[3…] commands: id c16, user c16
-- Details  DONE, REPLAYED, WRONG_STATE, ALREADY_EXTENDED: the record.
-- Work     O(1) a command.

learn_own(3)
return run_batch(3, function(settings, now, command)
  local record, id, packed = find_own(command)
  if not record then
    return NOT_FOUND
  elseif record.state == EXPIRED or (record.state == HELD and record.deadline <= now) then
    return HOLD_EXPIRED
  elseif record.state ~= HELD then
    return WRONG_STATE, packed
  elseif record.extended == 1 then
    return ALREADY_EXTENDED, packed
  end
  local deadline = math.min(now + settings.hold_ms, record.held_at + 2 * settings.hold_ms)
  if deadline < record.deadline then
    return REPLAYED, packed
  end
  record.extended = 1
  record.deadline = deadline
  packed = transition(id, record, EXTENDED_VERB, HELD, BY_USER, now)
  write_owned(record.user, id, owned_entry(id, places_of(record), record.deadline))
  write_area_deadlines(record.area_lines, id, record.deadline)
  write_deadline(id, record.deadline)
  return DONE, packed
end)
