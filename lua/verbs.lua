-- Joined in front of every script after changes.lua: what more than one verb does to a reservation.

-- A user's live reservations are entries of (id, places, deadline), the deadline 0 once confirmed.
local function owned_entry(id, count, deadline)
  return struct.pack('>c16HI8', id, count, deadline)
end

-- Places that a user has: bought, and held with time left.
local function count_owned(user, now)
  local found = read_owned(user)
  local owned = 0
  for at = 1, #found, OWNED_BYTES do
    local _, count, deadline = struct.unpack('>c16HI8', found, at)
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
  write_record(id, packed)
  return packed
end

-- Ends a hold: its seats can be claimed at once; its record stays until it is forgotten.
local function end_hold(id, record, verb, state, cause, now)
  local packed = transition(id, record, verb, state, cause, now)
  write_states(seats_of(record.seat_lines), AVAILABLE)
  write_areas(record.area_lines, -1, 0)
  write_area_deadlines(record.area_lines, id, nil)
  write_owned(record.user, id, '')
  write_deadline(id, now + RETENTION_MS)
  if cause ~= BY_ORGANISER then
    count_given_back(record.user, now)
  end
  return packed
end

-- The record that a user may act on, or nil: another's reservation does not exist for them.
local function find_own(command)
  local id, user = struct.unpack('>c16c16', command)
  local packed = read_record(id)
  local record = packed and unpack_record(packed)
  if record and record.user == user then
    return record, id, packed
  end
end

-- Learns in two calls what commands that begin with a reservation and its user will ask for.
local function learn_own(first)
  local ids, users = {}, {}
  for at = first, #ARGV do
    local index = at - first + 1
    ids[index], users[index] = struct.unpack('>c16c16', ARGV[at])
  end
  learn_records(ids)
  learn_owners(users)
end

-- Runs `execute(settings, now, command)` for each command from ARGV[first] on, and replies
-- {position, now, code, detail, code, detail, ...}. ARGV[2] is the epoch the caller believes in.
local function run_batch(first, execute)
  local settings = read_settings()
  local refusal
  if not settings then
    refusal = NOT_LOADED
  elseif tonumber(ARGV[2]) ~= settings.epoch then
    refusal = WRONG_EPOCH
  end
  local now = refusal and 0 or read_clock(settings.position)
  local reply = { '', now }
  for at = first, #ARGV do
    local code, detail = refusal, nil
    if not refusal then
      code, detail = execute(settings, now, ARGV[at])
    end
    local last = #reply
    reply[last + 1], reply[last + 2] = code, detail or ''
  end
  reply[1] = write_changes() or (settings and settings.position) or ''
  return reply
end
