-- Gives a hold other seats and places: all that are asked for, or the hold stays as it was.
--
-- The races it decides: the new seats against other claims, in the same step that gives up the old
-- ones, so that nobody can be left with neither; and the change against the hold's deadline, which
-- it does not move. What is kept keeps its price; an area of which more is wanted than before is
-- priced anew. Giving up is possible while no sale is; only what is added is a claim.
--
-- ARGV[3]  most entries that the log may have before new claims are refused
-- ARGV[4…] commands: id c16, user c16, concert version I4, number of seats H, number of areas H, then
--          lines as for reserve; one at least
-- Details  DONE, REPLAYED (it is so already), WRONG_STATE: the record. Others as for reserve.
-- Work     O(places) a command; each overdue hold in the way adds its own.

local COMMAND = '>c16c16I4HH'

-- Lines by what they are about, the first `key_bytes` of each.
local function by_key(lines, key_bytes)
  local found = {}
  for at = 1, #lines, LINE_BYTES do
    found[string.sub(lines, at, at + key_bytes - 1)] = string.sub(lines, at, at + LINE_BYTES - 1)
  end
  return found
end

-- Compares seats: the lines to have, with the old price where there is one, and what comes and goes.
local function compare_seats(old, new)
  local had, wants = by_key(old, 4), by_key(new, 4)
  local lines, added, dropped = {}, {}, {}
  for at = 1, #new, LINE_BYTES do
    local seat = string.sub(new, at, at + 3)
    lines[#lines + 1] = had[seat] or wants[seat]
    if not had[seat] then
      added[#added + 1] = wants[seat]
    end
  end
  for at = 1, #old, LINE_BYTES do
    if not wants[string.sub(old, at, at + 3)] then
      dropped[#dropped + 1] = string.sub(old, at, at + LINE_BYTES - 1)
    end
  end
  return table.concat(lines), table.concat(added), table.concat(dropped)
end

-- The same for areas, of which quantities come and go.
local function compare_areas(old, new)
  local had, wants = by_key(old, 2), by_key(new, 2)
  local lines, added, dropped = {}, {}, {}
  local function line(area, quantity, priced)
    return area .. struct.pack('>H', quantity) .. string.sub(priced, 5)
  end
  for at = 1, #new, LINE_BYTES do
    local area = string.sub(new, at, at + 1)
    local wanted = (struct.unpack('>H', new, at + 2))
    local before = had[area] and (struct.unpack('>H', had[area], 3)) or 0
    lines[#lines + 1] = line(area, wanted, wanted > before and wants[area] or had[area])
    if wanted > before then
      added[#added + 1] = line(area, wanted - before, wants[area])
    elseif wanted < before then
      dropped[#dropped + 1] = line(area, before - wanted, had[area])
    end
  end
  for at = 1, #old, LINE_BYTES do
    if not wants[string.sub(old, at, at + 1)] then
      dropped[#dropped + 1] = string.sub(old, at, at + LINE_BYTES - 1)
    end
  end
  return table.concat(lines), table.concat(added), table.concat(dropped)
end

-- Why a hold cannot have what it asks for in addition, or nil and the overdue holds in the way.
local function refuse_added(settings, now, version, record, added, places)
  local refusal, detail = refuse_sale(settings, now, version, tonumber(ARGV[3]))
  if refusal then
    return refusal, detail
  end
  local owned, had = count_owned(record.user, now), places_of(record)
  -- A hold that does not grow is within whatever limit it was made under.
  if places > had and owned - had + places > settings.max_seats_per_user then
    return USER_LIMIT, struct.pack('>I4I4', owned, settings.max_seats_per_user)
  end
  local seats, quantities = seats_of(added.seat_lines), quantities_of(added.area_lines)
  learn_states(seats)
  local unavailable, overdue = inspect(settings, seats, quantities, now)
  if unavailable then
    return UNAVAILABLE, unavailable
  end
  return nil, overdue
end

local function change(id, record, lines, added, dropped, now)
  record.seat_lines, record.area_lines = lines.seat_lines, lines.area_lines
  local counts = struct.pack('>HH', #dropped.seat_lines / LINE_BYTES, #dropped.area_lines / LINE_BYTES)
  local packed = transition(id, record, CHANGED_VERB, HELD, BY_USER, now,
    counts .. dropped.seat_lines .. dropped.area_lines)
  local seats = seats_of(added.seat_lines)
  write_states(seats_of(dropped.seat_lines), AVAILABLE)
  write_states(seats, SEAT_HELD)
  write_holder(seats, id)
  write_areas(dropped.area_lines, -1, 0)
  write_areas(added.area_lines, 1, 0)
  write_area_deadlines(dropped.area_lines, id, nil)
  write_area_deadlines(record.area_lines, id, record.deadline)
  write_owned(record.user, id, owned_entry(id, places_of(record), record.deadline))
  return packed
end

learn_own(4)
return run_batch(4, function(settings, now, command)
  local record, id, packed = find_own(command)
  local _, _, version, seats, areas, at = struct.unpack(COMMAND, command)
  if not record then
    return NOT_FOUND
  elseif record.state == EXPIRED or (record.state == HELD and record.deadline <= now) then
    return HOLD_EXPIRED
  elseif record.state ~= HELD then
    return WRONG_STATE, packed
  end
  local wanted = read_wanted(command, at, seats, areas)
  local lines, added, dropped = {}, {}, {}
  lines.seat_lines, added.seat_lines, dropped.seat_lines =
    compare_seats(record.seat_lines, wanted.seat_lines)
  lines.area_lines, added.area_lines, dropped.area_lines =
    compare_areas(record.area_lines, wanted.area_lines)
  local adds = added.seat_lines ~= '' or added.area_lines ~= ''
  if not adds and dropped.seat_lines == '' and dropped.area_lines == '' then
    return REPLAYED, packed
  end
  local overdue = {}
  if adds then
    local refusal, detail = refuse_added(settings, now, version, record, added, wanted.places)
    if refusal then
      return refusal, detail
    end
    overdue = detail
  end
  end_overdue(overdue, now)
  return DONE, change(id, record, lines, added, dropped, now)
end)
