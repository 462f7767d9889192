-- Turns holds into sales, for their buyers or for the organiser's server that was paid.
--
-- The race it decides: a confirmation against the hold's deadline. At the deadline or after it the
-- answer is HOLD_EXPIRED, whether or not anything has ended the hold yet; a seat that another claim
-- took meanwhile can therefore never be confirmed by its former holder. A merchant whose payment came
-- too late is told so in an answer of its own, and may have the hold honoured while all of it can be had:
-- by the same rules as a claim, so that overdue holds of others in its way end for it.
--
-- ARGV[3…] commands: id c16, user c16, who B (0 buyer, 1 merchant, 2 merchant who wants a late payment
--          honoured); of a merchant then the total I8 that was paid, and the payment's reference
-- Details  DONE, REPLAYED, WRONG_STATE, AMOUNT_MISMATCH: the record. PAYMENT_LATE: free B (1 when it
--          could still be honoured), then the record.
-- Work     O(places) a command; each overdue hold in the way of a late payment adds its own.

local BUYER, HONOUR_LATE = 0, 2

local function total_of(record)
  local total = 0
  for at = 1, #record.seat_lines, LINE_BYTES do
    local _, price = struct.unpack('>I4I4', record.seat_lines, at)
    total = total + price
  end
  for at = 1, #record.area_lines, LINE_BYTES do
    local _, quantity, price = struct.unpack('>HHI4', record.area_lines, at)
    total = total + quantity * price
  end
  return total
end

-- Whether a hold that is over can be had again, and the overdue holds of others that have to end for it.
-- One that nobody has ended yet still has all that it had; one that was ended claims it anew, as anybody
-- would. Neither takes its user beyond the limit.
local function find_room(settings, record, now)
  if count_owned(record.user, now) + places_of(record) > settings.max_seats_per_user then
    return false
  elseif record.state == HELD then
    return true, {}
  end
  local seats, quantities = seats_of(record.seat_lines), quantities_of(record.area_lines)
  local unavailable, overdue = inspect(settings, seats, quantities, now)
  return not unavailable, overdue
end

local function sell(id, record, cause, now)
  local held = record.state == HELD
  record.confirmed_at = now
  local packed = transition(id, record, CONFIRMED_VERB, CONFIRMED, cause, now)
  local seats = seats_of(record.seat_lines)
  write_states(seats, SOLD)
  write_areas(record.area_lines, held and -1 or 0, 1)
  if held then
    write_area_deadlines(record.area_lines, id, nil)
  else
    write_holder(seats, id)
  end
  write_owned(record.user, id, owned_entry(id, places_of(record), 0))
  write_deadline(id, nil)
  return packed
end

local function confirm_paid(settings, now, command, id, record, packed)
  local _, _, who, total, at = struct.unpack('>c16c16BI8', command)
  local reference = string.sub(command, at)
  local is_same = record.state == CONFIRMED and record.reference == reference
  if not is_same and record.state ~= HELD and record.state ~= EXPIRED then
    return WRONG_STATE, packed
  elseif total ~= total_of(record) then
    return AMOUNT_MISMATCH, packed
  elseif is_same then
    return REPLAYED, packed
  elseif record.state == EXPIRED or record.deadline <= now then
    local free, overdue = find_room(settings, record, now)
    if not free or who ~= HONOUR_LATE then
      return PAYMENT_LATE, string.char(free and 1 or 0) .. packed
    end
    end_overdue(overdue, now)
  end
  record.reference = reference
  return DONE, sell(id, record, BY_MERCHANT, now)
end

learn_own(3)
return run_batch(3, function(settings, now, command)
  local record, id, packed = find_own(command)
  if not record then
    return NOT_FOUND
  elseif string.byte(command, 33) ~= BUYER then
    return confirm_paid(settings, now, command, id, record, packed)
  elseif record.state == CONFIRMED then
    return REPLAYED, packed
  elseif record.state == EXPIRED or (record.state == HELD and record.deadline <= now) then
    return HOLD_EXPIRED
  elseif record.state ~= HELD then
    return WRONG_STATE, packed
  end
  return DONE, sell(id, record, BY_USER, now)
end)
