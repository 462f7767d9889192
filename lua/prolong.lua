-- Gives a concert's holds time until a moment, for its organiser: while nobody can pay, nobody should
-- lose their seats for it.
--
-- A hold that lasts longer anyway keeps its deadline, and one that is over stays over: its seats may be
-- somebody else's by the next command. It does not use up the one extension that is its owner's.
--
-- ARGV[3…] commands: until I8, then the id c16 of each of at most 500 reservations (PROLONG_MAX)
-- Details  DONE: how many holds have a later deadline now, I4.
-- Work     O(areas) a hold.

return run_batch(3, function(_, now, command)
  local latest, at = struct.unpack('>I8', command)
  local prolonged = 0
  for from = at, #command, 16 do
    local id = string.sub(command, from, from + 15)
    local packed = read_record(id)
    local record = packed and unpack_record(packed)
    if record and record.state == HELD and record.deadline > now and record.deadline < latest then
      record.deadline = latest
      transition(id, record, EXTENDED_VERB, HELD, BY_ORGANISER, now)
      write_owned(record.user, id, owned_entry(id, places_of(record), latest))
      write_area_deadlines(record.area_lines, id, latest)
      write_deadline(id, latest)
      prolonged = prolonged + 1
    end
  end
  return DONE, struct.pack('>I4', prolonged)
end)
