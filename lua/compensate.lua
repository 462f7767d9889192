-- Cancels a sale that PostgreSQL did not take: because another reservation already has some of its
-- seats, or because it refused the data.
--
-- Seats in conflict stay sold, now to their winner; the loser's other seats become available, and all
-- of a sale that was refused. Nobody's request leads here: the writer compensates what it recorded. If
-- the loser was cancelled before, its seats in conflict have become available: those that still are
-- become sold.
--
-- ARGV[3…] commands: id c16, cause B, then (seat I4, winner c16) for each seat in conflict
-- Details  DONE, REPLAYED: the record. WRONG_STATE: the record.
-- Work     O(seats) a command.

local function read_conflicts(command)
  local winners = {}
  for at = 18, #command, 20 do
    local seat, winner = struct.unpack('>I4c16', command, at)
    winners[seat] = winner
  end
  return winners
end

-- Gives each seat in conflict to its winner; returns the seats that are left.
local function settle(seats, winners)
  local free = {}
  for _, seat in ipairs(seats) do
    if winners[seat] then
      write_holder({ seat }, winners[seat])
    else
      free[#free + 1] = seat
    end
  end
  return free
end

-- Whether this Redis has the winner, and knows that it is no longer sold.
local function is_given_back(id)
  local packed = read_record(id)
  return packed and unpack_record(packed).state ~= CONFIRMED
end

-- Gives seats in conflict that anybody could claim by now to their winners. No entry tells of a sale
-- that others made elsewhere, so a marker tells readers of the log to look at the concert afresh.
local function settle_late(winners)
  local seats = {}
  for seat, winner in pairs(winners) do
    if read_state(seat) == AVAILABLE and not is_given_back(winner) then
      seats[#seats + 1] = seat
    end
  end
  if #seats == 0 then
    return
  end
  append_marker()
  write_states(seats, SOLD)
  settle(seats, winners)
end

return run_batch(3, function(_, now, command)
  local id, cause = struct.unpack('>c16B', command)
  local packed = read_record(id)
  if not packed then
    return NOT_FOUND
  end
  local record = unpack_record(packed)
  if record.state == CANCELLED then
    settle_late(read_conflicts(command))
    return REPLAYED, packed
  elseif record.state ~= CONFIRMED then
    return WRONG_STATE, packed
  end
  packed = transition(id, record, CANCELLED_VERB, CANCELLED, cause, now)
  write_states(settle(seats_of(record.seat_lines), read_conflicts(command)), AVAILABLE)
  write_areas(record.area_lines, 0, -1)
  write_owned(record.user, id, '')
  return DONE, packed
end)
