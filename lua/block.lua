-- Keeps seats back from the sale, or gives them to it again.
--
-- The race it decides: an organiser against claims. A seat that somebody holds or has bought is never
-- blocked: either all seats of a command are and otherwise the answer names those in the way, or, if
-- the command says so, those that can be. A hold past its deadline is ended here, as by a claim. What
-- is so already, and what is not blocked when it is to be unblocked, is left as it is.
--
-- ARGV[3]  most entries that the log may have before no more seats are blocked
-- ARGV[4…] commands: actor c16, mode B (0 unblock, 1 block all or none, 2 block what can be), then a
--          seat I4 for each of at most 10,000 distinct seats (SEATS_PER_BLOCK_MAX)
-- Details  DONE: how many seats have another state now I4, then those in the way I4 each.
--          UNAVAILABLE: the seats in the way, I4 each.
-- Work     O(seats) a command; each overdue hold in the way adds its own.

local BLOCKED, BLOCKED_VERB, UNBLOCKED_VERB = 3, '\8', '\9'
local UNBLOCK, ALL_OR_NONE = 0, 1
-- Seats that one entry of the log is about: whoever reads the log has to hold many entries at once.
local CHUNK = 1000

local function in_chunks(seats, work)
  for first = 1, #seats, CHUNK do
    work({ unpack(seats, first, math.min(first + CHUNK - 1, #seats)) })
  end
end

local function pack_seats(seats)
  local parts = {}
  in_chunks(seats, function(chunk)
    parts[#parts + 1] = struct.pack('>' .. string.rep('I4', #chunk), unpack(chunk))
  end)
  return table.concat(parts)
end

-- The seats that can be blocked, those that are somebody's, and the overdue holds that have to end.
local function inspect_for_block(settings, seats, now)
  local free, taken, overdue = {}, {}, {}
  for _, seat in ipairs(seats) do
    local state, over = read_state(seat), nil
    if state == SEAT_HELD then
      local holder = read_holder(seat)
      over = overdue[holder] or find_overdue(holder, now)
      overdue[holder] = over
    end
    if seat >= settings.capacity or state == SOLD or (state == SEAT_HELD and not over) then
      taken[#taken + 1] = seat
    elseif state ~= BLOCKED then
      free[#free + 1] = seat
    end
  end
  return free, taken, overdue
end

local function blocked_of(seats)
  local blocked = {}
  for _, seat in ipairs(seats) do
    if read_state(seat) == BLOCKED then
      blocked[#blocked + 1] = seat
    end
  end
  return blocked
end

local function write(verb, state, actor, seats, now)
  in_chunks(seats, function(chunk)
    append(verb, actor, struct.pack('>I8I4', now, #chunk) .. pack_seats(chunk))
    write_states(chunk, state)
  end)
end

return run_batch(4, function(settings, now, command)
  local actor, mode, at = struct.unpack('>c16B', command)
  local seats = {}
  for from = at, #command, 4 do
    seats[#seats + 1] = struct.unpack('>I4', command, from)
  end
  learn_states(seats)
  if mode == UNBLOCK then
    local blocked = blocked_of(seats)
    write(UNBLOCKED_VERB, AVAILABLE, actor, blocked, now)
    return DONE, struct.pack('>I4', #blocked)
  elseif redis.call('XLEN', LOG) >= tonumber(ARGV[3]) then
    return BACKLOGGED
  end
  local free, taken, overdue = inspect_for_block(settings, seats, now)
  if #taken > 0 and mode == ALL_OR_NONE then
    return UNAVAILABLE, pack_seats(taken)
  end
  end_overdue(overdue, now)
  write(BLOCKED_VERB, BLOCKED, actor, free, now)
  return DONE, struct.pack('>I4', #free) .. pack_seats(taken)
end)
