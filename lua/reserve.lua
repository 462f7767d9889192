-- Holds seats, all or none, for users within the sale window and their limit.
--
-- The race it decides: several claims want one seat, or the seat of a hold that is just ending. The
-- first to run gets it; a hold past its deadline is ended here, whether or not a sweeper is alive.
--
-- ARGV[3]  most entries that the log may have before new holds are refused
-- ARGV[4…] commands: id c16, user c16, concert version I4, fingerprint c8, then a line of
--          (seat I4, price I4) for each of at most 20 distinct seats
-- Details  DONE, REPLAYED: the record. NOT_YET_OPEN: ms I8. USER_LIMIT: owned I4,
--          limit I4. UNAVAILABLE: seats, I4 each.
-- Work     O(seats) a command; each overdue hold in the way adds its own seats.

local BACKLOG_MAX = tonumber(ARGV[3])
local COMMAND = '>c16c16I4c8'
local backlog

local function answer_again(packed, fingerprint)
  if unpack_record(packed).fingerprint ~= fingerprint then
    return KEY_REUSED
  end
  return REPLAYED, packed
end

-- Why the sale takes no claim now, or nil.
local function refuse_sale(settings, now, version)
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
  if backlog >= BACKLOG_MAX then
    return BACKLOGGED
  end
end

-- Seats that a user has: bought, and held with time left.
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

-- Seats that cannot be had, and the overdue holds (id → record) that stand on the others.
local function inspect(settings, seats, now)
  local arguments = {}
  for _, seat in ipairs(seats) do
    arguments[#arguments + 1] = 'GET'
    arguments[#arguments + 1] = 'u2'
    arguments[#arguments + 1] = '#' .. seat
  end
  local states = redis.call('BITFIELD', SEATS, unpack(arguments))
  local taken, overdue = {}, {}
  for index, seat in ipairs(seats) do
    if seat >= settings.capacity then
      taken[#taken + 1] = seat
    elseif states[index] == SEAT_HELD then
      local holder = redis.call('GETRANGE', HOLDERS, seat * 16, seat * 16 + 15)
      local packed = redis.call('HGET', RESERVATIONS, holder)
      local record = packed and unpack_record(packed)
      if record and record.state == HELD and record.deadline <= now then
        overdue[holder] = record
      else
        taken[#taken + 1] = seat
      end
    elseif states[index] ~= AVAILABLE then
      taken[#taken + 1] = seat
    end
  end
  return taken, overdue
end

local function hold(settings, now, id, user, fingerprint, lines, seats)
  local record = {
    state = HELD, cause = BY_USER, extended = 0, version = 1, user = user,
    fingerprint = fingerprint, held_at = now, deadline = now + settings.hold_ms,
    confirmed_at = 0, changed_at = now, count = #seats, lines = lines,
  }
  local packed = pack_record(record)
  append(RESERVED_VERB, id, packed)
  write_states(seats, SEAT_HELD)
  write_holder(seats, id)
  redis.call('HSET', RESERVATIONS, id, packed)
  write_owned(user, id, owned_entry(id, #seats, record.deadline))
  redis.call('ZADD', DEADLINES, record.deadline, CONCERT .. id)
  return packed
end

return run_batch(4, function(settings, now, command)
  local id, user, version, fingerprint, at = struct.unpack(COMMAND, command)
  local existing = redis.call('HGET', RESERVATIONS, id)
  if existing then
    return answer_again(existing, fingerprint)
  end
  local refusal, detail = refuse_sale(settings, now, version)
  if refusal then
    return refusal, detail
  end
  local lines = string.sub(command, at)
  local seats = seats_of(lines)
  local owned = count_owned(user, now)
  if owned + #seats > settings.max_seats_per_user then
    return USER_LIMIT, struct.pack('>I4I4', owned, settings.max_seats_per_user)
  end
  local taken, overdue = inspect(settings, seats, now)
  if #taken > 0 then
    return UNAVAILABLE, struct.pack('>' .. string.rep('I4', #taken), unpack(taken))
  end
  for holder, record in pairs(overdue) do
    end_hold(holder, record, EXPIRED_VERB, EXPIRED, BY_DISPLACEMENT, now)
  end
  return DONE, hold(settings, now, id, user, fingerprint, lines, seats)
end)
