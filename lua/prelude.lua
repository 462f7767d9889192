-- Joined in front of every script at compile time: the packed forms, the clock, and the changes that
-- more than one verb makes. README.md has the table of keys, codes and bounds.

local META, SEATS, HOLDERS, RESERVATIONS, OWNERS, AREAS, AREA_HOLDS, DEADLINES, LOG = unpack(KEYS)
local CONCERT = ARGV[1]

local AVAILABLE, SEAT_HELD, SOLD = 0, 1, 2
local HELD, CONFIRMED, CANCELLED, RELEASED, EXPIRED = 1, 2, 3, 4, 5
local BY_USER, BY_OVERDUE, BY_DISPLACEMENT, BY_CONFLICT = 1, 2, 3, 4
local BY_ORGANISER, BY_MERCHANT = 5, 6
local RESERVED_VERB, CONFIRMED_VERB, RELEASED_VERB = 1, 2, 3
local CANCELLED_VERB, EXTENDED_VERB, EXPIRED_VERB, CHANGED_VERB = 4, 5, 6, 7

-- Outcome codes. Where several refusals apply to a command, the lowest is the answer.
local DONE, NOT_LOADED, WRONG_EPOCH, NOT_FOUND, REPLAYED, KEY_REUSED = 0, 1, 2, 3, 4, 5
local STALE_CONCERT, SALE_OVER, PAUSED, NOT_YET_OPEN, BACKLOGGED = 6, 7, 8, 9, 10
local USER_LIMIT, UNAVAILABLE = 11, 12
local HOLD_EXPIRED, WRONG_STATE, ALREADY_EXTENDED, TOO_LATE_TO_CANCEL = 13, 14, 15, 16
local AMOUNT_MISMATCH, PAYMENT_LATE = 17, 18

-- How long an ended hold is remembered (RETENTION_MS in limits.rs).
local RETENTION_MS = 3600000

local RECORD = '>BBBI4c16c8I8I8I8I8HH'
local LINE_BYTES = 8
local OWNED_BYTES = 26
local EXTENDED_AT = 3

-- The concert's settings, or nil while it is not loaded: the epoch is written last.
local function read_settings()
  local values = redis.call('HMGET', META, 'epoch', 'version', 'switch', 'opens_at', 'closes_at',
    'cancel_until', 'hold_ms', 'max_seats_per_user', 'capacity', 'position')
  if not values[1] then
    return nil
  end
  return {
    epoch = tonumber(values[1]), version = tonumber(values[2]), switch = tonumber(values[3]),
    opens_at = tonumber(values[4]), closes_at = tonumber(values[5]),
    cancel_until = tonumber(values[6]), hold_ms = tonumber(values[7]),
    max_seats_per_user = tonumber(values[8]), capacity = tonumber(values[9]),
    position = values[10],
  }
end

-- Redis's time in milliseconds, and never before the concert's last change: a clock set back must
-- not prolong a hold or reopen a sale.
local function read_clock(position)
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  return math.max(now, tonumber(string.match(position, '^%d+')))
end

local function unpack_record(packed)
  local record = {}
  local seats, areas, at
  record.state, record.cause, record.extended, record.version, record.user, record.fingerprint,
    record.held_at, record.deadline, record.confirmed_at, record.changed_at, seats, areas, at =
    struct.unpack(RECORD, packed)
  local areas_at = at + seats * LINE_BYTES
  local reference_at = areas_at + areas * LINE_BYTES
  record.seat_lines = string.sub(packed, at, areas_at - 1)
  record.area_lines = string.sub(packed, areas_at, reference_at - 1)
  record.reference = string.sub(packed, reference_at + 1)
  return record
end

local function pack_record(record)
  return struct.pack(RECORD, record.state, record.cause, record.extended, record.version,
    record.user, record.fingerprint, record.held_at, record.deadline, record.confirmed_at,
    record.changed_at, #record.seat_lines / LINE_BYTES, #record.area_lines / LINE_BYTES)
    .. record.seat_lines .. record.area_lines
    .. string.char(#record.reference) .. record.reference
end

-- The numbers of the seats in packed lines of (seat I4, price I4).
local function seats_of(lines)
  local seats = {}
  for at = 1, #lines, LINE_BYTES do
    seats[#seats + 1] = (struct.unpack('>I4', lines, at))
  end
  return seats
end

-- What packed lines of (area H, quantity H, price I4) say: area → quantity.
local function quantities_of(lines)
  local quantities = {}
  for at = 1, #lines, LINE_BYTES do
    local area, quantity = struct.unpack('>HH', lines, at)
    quantities[area] = quantity
  end
  return quantities
end

-- How many people a record lets in.
local function places_of(record)
  local places = #record.seat_lines / LINE_BYTES
  for at = 1, #record.area_lines, LINE_BYTES do
    local _, quantity = struct.unpack('>HH', record.area_lines, at)
    places = places + quantity
  end
  return places
end

-- Every change appends before it writes: what is not in the log did not happen.
local last_position
local function append(verb, id, packed)
  last_position = redis.call('XADD', LOG, '*', 'e', struct.pack('>Bc16c16', verb, CONCERT, id) .. packed)
end

local function append_marker()
  last_position = redis.call('XADD', LOG, '*', 'e', struct.pack('>Bc16', 0, CONCERT))
end

local function write_states(seats, state)
  if #seats == 0 then
    return
  end
  local arguments = {}
  for _, seat in ipairs(seats) do
    arguments[#arguments + 1] = 'SET'
    arguments[#arguments + 1] = 'u2'
    arguments[#arguments + 1] = '#' .. seat
    arguments[#arguments + 1] = state
  end
  redis.call('BITFIELD', SEATS, unpack(arguments))
end

local function write_holder(seats, id)
  for _, seat in ipairs(seats) do
    redis.call('SETRANGE', HOLDERS, seat * 16, id)
  end
end

-- An area is (capacity I4, held I4, sold I4); nil when the concert has none of this number.
local function read_area(area)
  local packed = redis.call('HGET', AREAS, area)
  if packed then
    return struct.unpack('>I4I4I4', packed)
  end
end

-- Adds to what is held and sold of the areas in packed lines, `held` and `sold` being 1, 0 or -1.
local function write_areas(lines, held, sold)
  for at = 1, #lines, LINE_BYTES do
    local area, quantity = struct.unpack('>HH', lines, at)
    local capacity, held_before, sold_before = read_area(area)
    if capacity then
      redis.call('HSET', AREAS, area, struct.pack('>I4I4I4', capacity,
        held_before + held * quantity, sold_before + sold * quantity))
    end
  end
end

-- The holds of an area in the order of their deadlines: one score has both, the area above 42 bits
-- of milliseconds, which a double holds exactly and which last until the year 2109.
local AREA_SCORE = 4398046511104
local function write_area_deadlines(lines, id, deadline)
  for at = 1, #lines, LINE_BYTES do
    local area = struct.unpack('>H', lines, at)
    redis.call('ZADD', AREA_HOLDS, area * AREA_SCORE + deadline, struct.pack('>Hc16', area, id))
  end
end

local function forget_area_deadlines(lines, id)
  for at = 1, #lines, LINE_BYTES do
    local area = struct.unpack('>H', lines, at)
    redis.call('ZREM', AREA_HOLDS, struct.pack('>Hc16', area, id))
  end
end

-- A user's live reservations are entries of (id, seats, deadline), the deadline 0 once confirmed.
local function owned_entry(id, count, deadline)
  return struct.pack('>c16HI8', id, count, deadline)
end

local function without_owned(entries, id)
  for at = 1, #entries, OWNED_BYTES do
    if string.sub(entries, at, at + 15) == id then
      return string.sub(entries, 1, at - 1) .. string.sub(entries, at + OWNED_BYTES)
    end
  end
  return entries
end

local function write_owned(user, id, entry)
  local entries = without_owned(redis.call('HGET', OWNERS, user) or '', id) .. entry
  if entries == '' then
    redis.call('HDEL', OWNERS, user)
  else
    redis.call('HSET', OWNERS, user, entries)
  end
end

-- Places that a user has: bought, and held with time left.
local function count_owned(user, now)
  local entries = redis.call('HGET', OWNERS, user) or ''
  local owned = 0
  for at = 1, #entries, OWNED_BYTES do
    local _, count, deadline = struct.unpack('>c16HI8', entries, at)
    if deadline == 0 or deadline > now then
      owned = owned + count
    end
  end
  return owned
end

-- Moves a record to a state and appends the change; the caller writes what follows from it.
-- `dropped` is what the entry of a changed hold has after the record.
local function transition(id, record, verb, state, cause, now, dropped)
  record.state, record.cause = state, cause
  record.version, record.changed_at = record.version + 1, now
  local packed = pack_record(record)
  append(verb, id, packed .. (dropped or ''))
  redis.call('HSET', RESERVATIONS, id, packed)
  return packed
end

-- Ends a hold: its seats can be claimed at once; its record stays until it is forgotten.
local function end_hold(id, record, verb, state, cause, now)
  local packed = transition(id, record, verb, state, cause, now)
  write_states(seats_of(record.seat_lines), AVAILABLE)
  write_areas(record.area_lines, -1, 0)
  forget_area_deadlines(record.area_lines, id)
  write_owned(record.user, id, '')
  redis.call('ZADD', DEADLINES, now + RETENTION_MS, CONCERT .. id)
  return packed
end

-- The record that a user may act on, or nil: another's reservation does not exist for them.
local function find_own(command)
  local id, user = struct.unpack('>c16c16', command)
  local packed = redis.call('HGET', RESERVATIONS, id)
  local record = packed and unpack_record(packed)
  if record and record.user == user then
    return record, id, packed
  end
end

-- Writes down the last change's position, which the clock and every reader of replies go by.
local function finish_changes()
  if last_position then
    redis.call('HSET', META, 'position', last_position)
  end
end

-- Runs `execute(settings, now, command)` for each command from ARGV[first] on, and replies
-- {position, now, code, detail, code, detail, ...}. ARGV[2] is the epoch the caller believes in.
local function run_batch(first, execute)
  local settings = read_settings()
  local reply = { '', 0 }
  local refusal
  if not settings then
    refusal = NOT_LOADED
  elseif tonumber(ARGV[2]) ~= settings.epoch then
    refusal = WRONG_EPOCH
  end
  local now = refusal and 0 or read_clock(settings.position)
  for at = first, #ARGV do
    local code, detail = refusal, nil
    if not refusal then
      code, detail = execute(settings, now, ARGV[at])
    end
    reply[#reply + 1] = code
    reply[#reply + 1] = detail or ''
  end
  finish_changes()
  reply[1] = last_position or (settings and settings.position) or ''
  reply[2] = now
  return reply
end
