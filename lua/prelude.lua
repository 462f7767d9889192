-- Joined in front of every script at compile time: the keys, the codes, the packed forms and the clock.
-- README.md has the table of keys, codes and bounds.

local META, SEATS, HOLDERS, RESERVATIONS, OWNERS, AREAS, AREA_HOLDS, DEADLINES, LOG = unpack(KEYS)
local CONCERT = ARGV[1]

local AVAILABLE, SEAT_HELD, SOLD = 0, 1, 2
local HELD, CONFIRMED, CANCELLED, RELEASED, EXPIRED = 1, 2, 3, 4, 5
-- Causes. Two more, 4 (conflict) and 7 (refused), come with what compensate is told.
local BY_USER, BY_OVERDUE, BY_DISPLACEMENT = 1, 2, 3
local BY_ORGANISER, BY_MERCHANT = 5, 6
local RESERVED_VERB, CONFIRMED_VERB, RELEASED_VERB = '\1', '\2', '\3'
local CANCELLED_VERB, EXTENDED_VERB, EXPIRED_VERB, CHANGED_VERB = '\4', '\5', '\6', '\7'

-- Outcome codes. Where several refusals apply to a command, the lowest is the answer.
local DONE, NOT_LOADED, WRONG_EPOCH, NOT_FOUND, REPLAYED, KEY_REUSED = 0, 1, 2, 3, 4, 5
local STALE_CONCERT, SALE_OVER, PAUSED, NOT_YET_OPEN, BACKLOGGED = 6, 7, 8, 9, 10
local USER_LIMIT, UNAVAILABLE = 11, 12
local HOLD_EXPIRED, WRONG_STATE, ALREADY_EXTENDED, TOO_LATE_TO_CANCEL = 13, 14, 15, 16
local AMOUNT_MISMATCH, PAYMENT_LATE, BUDGET_SPENT = 17, 18, 19

-- How long an ended hold is remembered (RETENTION_MS in limits.rs).
local RETENTION_MS = 3600000
-- How long it takes until a hold is forgiven that was not confirmed (GIVEN_BACK_MS in limits.rs).
local GIVEN_BACK_MS = 30000

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
