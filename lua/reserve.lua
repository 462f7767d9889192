-- Holds seats and places in areas, all or none, for users within the sale window and their limit.
--
-- The race it decides: several claims want one seat, or the seat of a hold that is just ending. The
-- first to run gets it; a hold past its deadline is ended here, whether or not a sweeper is alive.
--
-- ARGV[3]  most entries that the log may have before new holds are refused
-- ARGV[4]  the longest time, in ms, until all that a user held and did not confirm is forgiven, for them
--          to hold more; empty: any
-- ARGV[5…] commands: id c16, user c16, concert version I4, fingerprint c8, number of seats H, number
--          of areas H, then a line of (seat I4, price I4) for each seat, distinct, and a line of
--          (area H, quantity H, price I4) for each area, distinct; at most 20 places in all
-- Details  DONE, REPLAYED: the record. NOT_YET_OPEN: ms I8. USER_LIMIT: owned I4,
--          limit I4. UNAVAILABLE: number of seats H, seats I4 each, then (area H, left I4) each.
--          BUDGET_SPENT: from when on they may hold more, in ms I8.
-- Work     O(places) a command; each overdue hold in the way adds its own.

local budget = tonumber(ARGV[4])
-- What is known of BUDGETS: user → ms, or false.
local budgets = {}

local COMMAND = '>c16c16I4c8HH'
local NO_REFERENCE = '\0'

local function answer_again(packed, fingerprint)
  if unpack_record(packed).fingerprint ~= fingerprint then
    return KEY_REUSED
  end
  return REPLAYED, packed
end

local function hold(settings, now, id, user, fingerprint, wanted)
  local deadline = now + settings.hold_ms
  local packed = struct.pack(RECORD, HELD, BY_USER, 0, 1, user, fingerprint, now, deadline, 0, now,
    #wanted.seats, #wanted.area_lines / LINE_BYTES)
    .. wanted.seat_lines .. wanted.area_lines .. NO_REFERENCE
  append(RESERVED_VERB, id, packed)
  write_record(id, packed)
  write_states(wanted.seats, SEAT_HELD)
  write_holder(wanted.seats, id)
  write_areas(wanted.area_lines, 1, 0)
  write_area_deadlines(wanted.area_lines, id, deadline)
  write_owned(user, id, owned_entry(id, wanted.places, deadline))
  write_deadline(id, deadline)
  return packed
end

-- Learns in three calls, or four, what the whole batch asks for.
local function learn_claims()
  local ids, users, seats = {}, {}, {}
  for at = 5, #ARGV do
    local command = ARGV[at]
    local id, user, _, _, count, _, from = struct.unpack(COMMAND, command)
    ids[#ids + 1], users[#users + 1] = id, user
    for line = from, from + (count - 1) * LINE_BYTES, LINE_BYTES do
      seats[#seats + 1] = (struct.unpack('>I4', command, line))
    end
  end
  learn_records(ids)
  learn_owners(users)
  if budget then
    learn(BUDGETS, budgets, users, false)
  end
  learn_states(seats)
end

learn_claims()
return run_batch(5, function(settings, now, command)
  local id, user, version, fingerprint, seats, areas, at = struct.unpack(COMMAND, command)
  local existing = read_record(id)
  if existing then
    return answer_again(existing, fingerprint)
  end
  local refusal, detail = refuse_sale(settings, now, version, tonumber(ARGV[3]))
  if refusal then
    return refusal, detail
  end
  local wanted = read_wanted(command, at, seats, areas)
  local owned = count_owned(user, now)
  if owned + wanted.places > settings.max_seats_per_user then
    return USER_LIMIT, struct.pack('>I4I4', owned, settings.max_seats_per_user)
  end
  local unavailable, overdue = inspect(settings, wanted.seats, wanted.quantities, now)
  if unavailable then
    return UNAVAILABLE, unavailable
  end
  local forgiven = budgets[user] and tonumber(budgets[user])
  if forgiven and forgiven - now > budget then
    return BUDGET_SPENT, struct.pack('>I8', forgiven - budget)
  end
  end_overdue(overdue, now)
  return DONE, hold(settings, now, id, user, fingerprint, wanted)
end)
