-- Looks at a concert in one moment, for whoever holds Redis against PostgreSQL. Changes nothing, so that
-- it may run on a Redis that nobody has verified: it is no verb, and is sent with its text (EVAL_RO).
--
-- KEYS[10] the partition's epoch
-- ARGV[2]  1: all states and areas, too; 0: only what is asked about
-- ARGV[3…] suspects, at most 50 (SUSPECTS_PER_LOOK_MAX): 's' and a seat I4; 'r', a reservation c16 and
--          the areas H that it may have holds in; 'o' and a user c16
-- Reply    {the concert's epoch, the partition's, the log's last position, now in ms, capacity, states,
--          areas, then of each suspect what is said below}; nil where there is none
-- Work     O(places) a suspect; with ARGV[2], a copy of the states: 250 kB for a million seats.

local function read_last_position()
  if redis.call('EXISTS', LOG) == 0 then
    return '0-0'
  end
  local info = redis.call('XINFO', 'STREAM', LOG)
  for at = 1, #info, 2 do
    if info[at] == 'last-generated-id' then
      return info[at + 1]
    end
  end
end

-- {state, holder, the holder's record}
local function look_at_seat(seat)
  local state = redis.call('BITFIELD_RO', SEATS, 'GET', 'u2', '#' .. seat)[1]
  local holder = redis.call('GETRANGE', HOLDERS, seat * 16, seat * 16 + 15)
  return { state, holder, redis.call('HGET', RESERVATIONS, holder) }
end

-- {record, deadline, its owner's entries, {seat, what is said of it, …}, {area, deadline of its hold, …}}
local function look_at_reservation(id, areas)
  local packed = redis.call('HGET', RESERVATIONS, id)
  local readable, record = pcall(unpack_record, packed or '')
  local seats, holds, entries = {}, {}, false
  if packed and readable then
    entries = redis.call('HGET', OWNERS, record.user)
    for _, seat in ipairs(seats_of(record.seat_lines)) do
      seats[#seats + 1] = seat
      seats[#seats + 1] = look_at_seat(seat)
    end
    for area in pairs(quantities_of(record.area_lines)) do
      areas[area] = true
    end
  end
  for area in pairs(areas) do
    holds[#holds + 1] = area
    holds[#holds + 1] = redis.call('ZSCORE', AREA_HOLDS, struct.pack('>Hc16', area, id))
  end
  return { packed, redis.call('ZSCORE', DEADLINES, CONCERT .. id), entries, seats, holds }
end

-- {entries, {record of each entry}}
local function look_at_owner(user)
  local entries = redis.call('HGET', OWNERS, user) or ''
  local records = {}
  for at = 1, #entries, OWNED_BYTES do
    records[#records + 1] = redis.call('HGET', RESERVATIONS, string.sub(entries, at, at + 15))
  end
  return { entries, records }
end

local function look_at(suspect)
  local kind = string.sub(suspect, 1, 1)
  if kind == 's' then
    return look_at_seat((struct.unpack('>I4', suspect, 2)))
  elseif kind == 'o' then
    return look_at_owner(string.sub(suspect, 2))
  end
  local areas = {}
  for at = 18, #suspect, 2 do
    areas[struct.unpack('>H', suspect, at)] = true
  end
  return look_at_reservation(string.sub(suspect, 2, 17), areas)
end

local settings = redis.call('HMGET', META, 'epoch', 'capacity')
local time = redis.call('TIME')
local whole = ARGV[2] == '1'
local reply = {
  settings[1], redis.call('GET', KEYS[10]), read_last_position(),
  time[1] * 1000 + math.floor(time[2] / 1000), settings[2],
  whole and redis.call('GET', SEATS), whole and redis.call('HGETALL', AREAS) or {},
}
for at = 3, #ARGV do
  reply[#reply + 1] = look_at(ARGV[at])
end
return reply
