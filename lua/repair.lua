-- Brings back in step what follows from records, where an audit found that it does not. No record changes,
-- and no seat changes hands: what is taken from nobody is free, and what a record has is its own.
--
-- The race it decides: a repair against whatever happened since the audit looked. All is looked at again
-- here, and what is right by now is left alone.
--
-- ARGV[3…] commands: 'f' and a seat I4: free it, if the reservation that it is said to be for does not
--          have it; 'k' and a reservation c16: give it those of its seats that are available; 'r', a
--          reservation c16 and areas H: write its deadlines and its owner's entry anew, and see that it is
--          no hold of those areas that it is not; 'o' and a user c16: drop entries of reservations that
--          do not live
-- Details  DONE, or REPLAYED when nothing had to be done; both with nothing.
-- Work     O(places) a command; for 'o', the user's list.

-- A record that cannot be read may be anything: nothing that it may say is undone.
local UNREADABLE = {}

local function find_record(id)
  local packed = read_record(id)
  if not packed then
    return nil
  end
  local readable, record = pcall(unpack_record, packed)
  return readable and record or UNREADABLE
end

local function lives(record)
  return record and (record.state == HELD or record.state == CONFIRMED)
end

-- Whether a reservation that lives has a seat, as far as can be told.
local function has(record, wanted)
  if record == UNREADABLE then
    return true
  end
  for _, seat in ipairs(lives(record) and seats_of(record.seat_lines) or {}) do
    if seat == wanted then
      return true
    end
  end
  return false
end

-- A sold seat without any record of its sale may be somebody's who bought it elsewhere: a person decides.
local function free_seat(seat)
  local state, record = read_state(seat), find_record(read_holder(seat))
  if has(record, seat) or (state ~= SEAT_HELD and not (state == SOLD and record)) then
    return REPLAYED
  end
  append_marker()
  write_states({ seat }, AVAILABLE)
  return DONE
end

local function keep_seats(id)
  local record, lost = find_record(id), {}
  for _, seat in ipairs(lives(record) and seats_of(record.seat_lines) or {}) do
    if read_state(seat) == AVAILABLE then
      lost[#lost + 1] = seat
    end
  end
  if #lost == 0 then
    return REPLAYED
  end
  append_marker()
  write_states(lost, record.state == HELD and SEAT_HELD or SOLD)
  write_holder(lost, id)
  return DONE
end

local function rewrite(id, areas)
  local record = find_record(id)
  if record == UNREADABLE then
    return REPLAYED
  end
  write_area_deadlines(areas, id, nil)
  if not record then
    return DONE
  end
  local held = record.state == HELD
  write_area_deadlines(record.area_lines, id, held and record.deadline or nil)
  if lives(record) then
    local entry = owned_entry(id, places_of(record), held and record.deadline or 0)
    write_owned(record.user, id, entry)
  else
    write_owned(record.user, id, '')
  end
  if held then
    write_deadline(id, record.deadline)
  elseif record.state == RELEASED or record.state == EXPIRED then
    write_deadline(id, record.changed_at + RETENTION_MS)
  end
  return DONE
end

local function clear_list(user)
  local outcome, found = REPLAYED, read_owned(user)
  for at = 1, #found, OWNED_BYTES do
    local id = string.sub(found, at, at + 15)
    local record = find_record(id)
    if record ~= UNREADABLE and (not lives(record) or record.user ~= user) then
      write_owned(user, id, '')
      outcome = DONE
    end
  end
  return outcome
end

-- Areas as lines, of which only the number counts.
local function lines_of(areas)
  local lines = {}
  for at = 1, #areas, 2 do
    lines[#lines + 1] = string.sub(areas, at, at + 1) .. string.rep('\0', LINE_BYTES - 2)
  end
  return table.concat(lines)
end

return run_batch(3, function(_, _, command)
  local kind, subject = string.sub(command, 1, 1), string.sub(command, 2, 17)
  if kind == 'f' then
    return free_seat((struct.unpack('>I4', command, 2)))
  elseif kind == 'k' then
    return keep_seats(subject)
  elseif kind == 'o' then
    return clear_list(subject)
  end
  return rewrite(subject, lines_of(string.sub(command, 18)))
end)
