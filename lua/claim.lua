-- Joined in front of the verbs that claim (reserve, change, block, and confirm for a payment that came
-- late): whether a sale takes claims, and whether what somebody wants can be had.

local backlog
-- How many overdue holds this batch has ended so far.
local displaced = 0

-- Why the sale takes no claim now, or nil. `backlog_max` is the most entries that the log may have.
local function refuse_sale(settings, now, version, backlog_max)
  if version ~= settings.version then
    return STALE_CONCERT
  elseif settings.switch == 2 or now >= settings.closes_at then
    return SALE_OVER
  elseif settings.switch == 1 then
    return PAUSED
  elseif now < settings.opens_at then
    return NOT_YET_OPEN, struct.pack('>I8', settings.opens_at)
  end
  backlog = backlog or redis.call('XLEN', LOG)
  if backlog >= backlog_max then
    return BACKLOGGED
  end
end

local NO_QUANTITIES = {}

-- What a command asks for: its lines, from byte `at` on, and what they say.
local function read_wanted(command, at, seats, areas)
  local areas_at = at + seats * LINE_BYTES
  local wanted = {
    seat_lines = string.sub(command, at, areas_at - 1),
    area_lines = string.sub(command, areas_at, areas_at + areas * LINE_BYTES - 1),
  }
  wanted.seats = seats_of(wanted.seat_lines)
  if areas == 0 then
    wanted.quantities, wanted.places = NO_QUANTITIES, seats
    return wanted
  end
  wanted.quantities = quantities_of(wanted.area_lines)
  wanted.places = places_of(wanted)
  return wanted
end

-- The record of a hold whose deadline has passed, or nil.
local function find_overdue(id, now)
  local packed = read_record(id)
  local record = packed and unpack_record(packed)
  if record and record.state == HELD and record.deadline <= now then
    return record
  end
end

local function and_also(list, value)
  list = list or {}
  list[#list + 1] = value
  return list
end

-- Seats that cannot be had, or nil; adds the overdue holds that stand on the others to `overdue`.
local function inspect_seats(settings, seats, now, overdue)
  local taken
  for _, seat in ipairs(seats) do
    local state = read_state(seat)
    if seat >= settings.capacity then
      taken = and_also(taken, seat)
    elseif state == SEAT_HELD then
      local holder = read_holder(seat)
      local record = overdue[holder] or find_overdue(holder, now)
      if record then
        overdue[holder] = record
      else
        taken = and_also(taken, seat)
      end
    elseif state ~= AVAILABLE then
      taken = and_also(taken, seat)
    end
  end
  return taken
end

local function places_left(area)
  local found = read_area(area)
  return found and found[1] - found[2] - found[3] or 0
end

-- How many of `quantity` places of an area cannot be had because only so many are left, or nil; adds
-- the overdue holds that have to end for it to `overdue`. Each of them gives back a place at least, so
-- that as many as places are wanted are enough to look at, beside those that this batch has ended.
local function inspect_area(area, quantity, now, overdue)
  local left = places_left(area)
  if left >= quantity or not read_area(area) then
    return left < quantity and left or nil
  end
  local from = area * AREA_SCORE
  local due = redis.call('ZRANGEBYSCORE', AREA_HOLDS, from, from + now, 'LIMIT', 0,
    quantity + displaced)
  for _, member in ipairs(due) do
    local holder = string.sub(member, 3)
    local record = overdue[holder] or find_overdue(holder, now)
    if record then
      overdue[holder] = record
      left = left + (quantities_of(record.area_lines)[area] or 0)
    end
    if left >= quantity then
      return nil
    end
  end
  return left
end

-- Whether seats and areas (area → quantity) can be had: the detail of UNAVAILABLE if not, and the
-- overdue holds (id → record) that have to end for it.
local function inspect(settings, seats, quantities, now)
  local overdue, short = {}, nil
  local taken = inspect_seats(settings, seats, now, overdue)
  for area, quantity in pairs(quantities) do
    local left = inspect_area(area, quantity, now, overdue)
    if left then
      short = and_also(short, struct.pack('>HI4', area, left))
    end
  end
  if not taken and not short then
    return nil, overdue
  end
  taken, short = taken or {}, short or {}
  table.sort(short)
  local seats_detail = struct.pack('>H' .. string.rep('I4', #taken), #taken, unpack(taken))
  return seats_detail .. table.concat(short)
end

local function end_overdue(overdue, now)
  for holder, record in pairs(overdue) do
    end_hold(holder, record, EXPIRED_VERB, EXPIRED, BY_DISPLACEMENT, now)
    displaced = displaced + 1
  end
end
