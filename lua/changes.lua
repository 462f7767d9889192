-- Joined in front of every script after prelude.lua: what it has read, and what it is going to write.
--
-- A script reads through here and sees its own changes; nothing is written before `write_changes`,
-- which appends all entries to the log and then writes each key once. That is what makes "check
-- everything, append, then write" true of a whole batch, and what makes a batch cheap: Redis is called
-- once a key, not once a command. Numbers become text once: Lua takes longer for that than Redis takes
-- for the change.

-- What is known of Redis, changes included: id → packed record or false, user → entries, seat →
-- state, area → { capacity, held, sold }.
local records, owners, states, area_counts = {}, {}, {}, {}

-- What is to be written. Of two changes to one thing the later wins.
local entries, record_changes, forgotten_records = {}, {}, {}
local state_changes, holder_changes, holder_runs = {}, {}, {}
local owner_changes, area_changes, area_hold_changes = {}, {}, {}
local later_deadlines, past_deadlines = {}, {}
local given_back, given_back_at = {}, nil
local last_position

-- Hash: user → when all that they held and did not confirm will be forgiven, in ms. Only who gives back
-- or loses a hold is in it.
local BUDGETS = string.sub(META, 1, -5) .. 'budgets'

-- Values that one call of Redis gets: Lua hands over some 8,000 at most. A multiple of all the counts
-- of values that belong together.
local VALUES_PER_CALL = 3000

local function call_with(command, key, values)
  for first = 1, #values, VALUES_PER_CALL do
    redis.call(command, key, unpack(values, first, math.min(first + VALUES_PER_CALL - 1, #values)))
  end
end

-- Learns the fields of a hash that are not known yet in one call.
local function learn(key, known, fields, missing)
  local unknown = {}
  for _, field in ipairs(fields) do
    if known[field] == nil then
      unknown[#unknown + 1] = field
      known[field] = missing
    end
  end
  if #unknown > 0 then
    for index, value in ipairs(redis.call('HMGET', key, unpack(unknown))) do
      known[unknown[index]] = value or missing
    end
  end
end

local function learn_records(ids)
  learn(RESERVATIONS, records, ids, false)
end

local function learn_owners(users)
  learn(OWNERS, owners, users, '')
end

-- The packed record of a reservation, or false.
local function read_record(id)
  if records[id] == nil then
    records[id] = redis.call('HGET', RESERVATIONS, id)
  end
  return records[id]
end

local function read_owned(user)
  if owners[user] == nil then
    owners[user] = redis.call('HGET', OWNERS, user) or ''
  end
  return owners[user]
end

-- A seat as BITFIELD takes it, by number.
local seat_texts = {}
local function seat_text(seat)
  local text = seat_texts[seat]
  if not text then
    text = '#' .. seat
    seat_texts[seat] = text
  end
  return text
end

-- Learns the states of the seats that are not known yet, in as few calls as can be.
local function learn_states(seats)
  local unknown, values = {}, {}
  for _, seat in ipairs(seats) do
    if not states[seat] then
      unknown[#unknown + 1] = seat
      local at = #values
      values[at + 1], values[at + 2], values[at + 3] = 'GET', 'u2', seat_text(seat)
    end
  end
  for first = 1, #values, VALUES_PER_CALL do
    local last = math.min(first + VALUES_PER_CALL - 1, #values)
    local read = redis.call('BITFIELD', SEATS, unpack(values, first, last))
    for index, state in ipairs(read) do
      states[unknown[(first - 1) / 3 + index]] = state
    end
  end
end

local function read_state(seat)
  if not states[seat] then
    learn_states({ seat })
  end
  return states[seat]
end

-- The reservation that has a seat. Of a seat that is available it says nothing.
local function read_holder(seat)
  return holder_changes[seat] or redis.call('GETRANGE', HOLDERS, seat * 16, seat * 16 + 15)
end

-- What an area has: { capacity, held, sold }; false when the concert has none of this number.
local function read_area(area)
  if area_counts[area] == nil then
    local packed = redis.call('HGET', AREAS, area)
    area_counts[area] = packed and { struct.unpack('>I4I4I4', packed) }
  end
  return area_counts[area]
end

-- What is not in the log did not happen.
local function append(verb, id, packed)
  entries[#entries + 1] = verb .. CONCERT .. id .. packed
end

local function append_marker()
  entries[#entries + 1] = '\0' .. CONCERT
end

local function write_record(id, packed)
  records[id] = packed
  local at = #record_changes
  record_changes[at + 1], record_changes[at + 2] = id, packed
end

local function forget_record(id)
  records[id] = false
  forgotten_records[#forgotten_records + 1] = id
end

local STATE_TEXTS = { [0] = '0', '1', '2', '3' }
local function write_states(seats, state)
  local text = STATE_TEXTS[state]
  for _, seat in ipairs(seats) do
    states[seat] = state
    local at = #state_changes
    state_changes[at + 1], state_changes[at + 2] = 'SET', 'u2'
    state_changes[at + 3], state_changes[at + 4] = seat_text(seat), text
  end
end

-- Seats that follow each other, as neighbours do, are one write.
local function write_holder(seats, id)
  local at = 1
  while at <= #seats do
    local first, count = seats[at], 0
    while seats[at] == first + count do
      holder_changes[seats[at]] = id
      at, count = at + 1, count + 1
    end
    local last = #holder_runs
    holder_runs[last + 1], holder_runs[last + 2] = first * 16, string.rep(id, count)
  end
end

-- Adds to what is held and sold of the areas in packed lines, `held` and `sold` being 1, 0 or -1.
local function write_areas(lines, held, sold)
  for at = 1, #lines, LINE_BYTES do
    local number, quantity = struct.unpack('>HH', lines, at)
    local area = read_area(number)
    if area then
      area[2], area[3] = area[2] + held * quantity, area[3] + sold * quantity
      area_changes[number] = area
    end
  end
end

-- When the record of a reservation next needs attention; nil: never. A script says one of the two of a
-- reservation, not both.
local deadline_texts = {}
local function write_deadline(id, deadline)
  if not deadline then
    past_deadlines[#past_deadlines + 1] = CONCERT .. id
    return
  end
  local text = deadline_texts[deadline]
  if not text then
    text = string.format('%.0f', deadline)
    deadline_texts[deadline] = text
  end
  local at = #later_deadlines
  later_deadlines[at + 1], later_deadlines[at + 2] = text, CONCERT .. id
end

-- The holds of an area in the order of their deadlines: one score has both, the area above 42 bits
-- of milliseconds, which a double holds exactly and which last until the year 2109. No deadline: the
-- reservation is no hold of these areas any more.
local AREA_SCORE = 4398046511104
local function write_area_deadlines(lines, id, deadline)
  for at = 1, #lines, LINE_BYTES do
    local area = struct.unpack('>H', lines, at)
    area_hold_changes[struct.pack('>H', area) .. id] = deadline and area * AREA_SCORE + deadline or false
  end
end

-- Replaces the entry that a user has for a reservation; an empty one: they have it no more.
local function write_owned(user, id, entry)
  local found = read_owned(user)
  for at = 1, #found, OWNED_BYTES do
    if string.sub(found, at, at + 15) == id then
      found = string.sub(found, 1, at - 1) .. string.sub(found, at + OWNED_BYTES)
      break
    end
  end
  owners[user] = found .. entry
  owner_changes[user] = true
end

local function write_owners()
  local kept, gone = {}, {}
  for user in pairs(owner_changes) do
    if owners[user] == '' then
      gone[#gone + 1] = user
    else
      local at = #kept
      kept[at + 1], kept[at + 2] = user, owners[user]
    end
  end
  call_with('HSET', OWNERS, kept)
  call_with('HDEL', OWNERS, gone)
end

-- A hold of a user's came to nothing.
local function count_given_back(user, now)
  given_back[user], given_back_at = (given_back[user] or 0) + 1, now
end

local function write_budgets()
  local users, budgets = {}, {}
  for user in pairs(given_back) do
    users[#users + 1] = user
  end
  for first = 1, #users, VALUES_PER_CALL do
    local last = math.min(first + VALUES_PER_CALL - 1, #users)
    for index, known in ipairs(redis.call('HMGET', BUDGETS, unpack(users, first, last))) do
      local user, at = users[first + index - 1], #budgets
      local forgiven = math.max(tonumber(known or 0), given_back_at) + given_back[user] * GIVEN_BACK_MS
      budgets[at + 1], budgets[at + 2] = user, string.format('%.0f', forgiven)
    end
  end
  if #users > 0 then
    call_with('HSET', BUDGETS, budgets)
    redis.call('PEXPIRE', BUDGETS, RETENTION_MS)
  end
end

local function write_area_holds()
  local kept, gone = {}, {}
  for member, score in pairs(area_hold_changes) do
    if score then
      local at = #kept
      kept[at + 1], kept[at + 2] = score, member
    else
      gone[#gone + 1] = member
    end
  end
  call_with('ZADD', AREA_HOLDS, kept)
  call_with('ZREM', AREA_HOLDS, gone)
end

-- Appends to the log, then writes. Returns the position of the last change, if there was one; the
-- concert's clock and every reader of replies go by it.
local function write_changes()
  for _, entry in ipairs(entries) do
    last_position = redis.call('XADD', LOG, '*', 'e', entry)
  end
  call_with('HSET', RESERVATIONS, record_changes)
  call_with('HDEL', RESERVATIONS, forgotten_records)
  call_with('BITFIELD', SEATS, state_changes)
  for at = 1, #holder_runs, 2 do
    redis.call('SETRANGE', HOLDERS, holder_runs[at], holder_runs[at + 1])
  end
  for number, area in pairs(area_changes) do
    redis.call('HSET', AREAS, number, struct.pack('>I4I4I4', unpack(area)))
  end
  write_owners()
  call_with('ZADD', DEADLINES, later_deadlines)
  call_with('ZREM', DEADLINES, past_deadlines)
  write_area_holds()
  write_budgets()
  if last_position then
    redis.call('HSET', META, 'position', last_position)
  end
  return last_position
end
