-- Writes reservations that PostgreSQL has into a concert that is being loaded.
--
-- ARGV[2]  token of the load
-- ARGV[3…] pairs of id c16 and packed record, confirmed or cancelled; at most 500 (RECORDS_PER_LOAD_MAX)
-- Reply    DONE, or NOT_LOADED when another load has begun or this one was finished

if redis.call('HGET', META, 'loading') ~= ARGV[2] then
  return NOT_LOADED
end
for at = 3, #ARGV, 2 do
  local id, packed = ARGV[at], ARGV[at + 1]
  local record = unpack_record(packed)
  write_record(id, packed)
  if record.state == CONFIRMED then
    local seats = seats_of(record.seat_lines)
    write_states(seats, SOLD)
    write_holder(seats, id)
    write_areas(record.area_lines, 0, 1)
    write_owned(record.user, id, owned_entry(id, places_of(record), 0))
  end
end
write_changes()
return DONE
