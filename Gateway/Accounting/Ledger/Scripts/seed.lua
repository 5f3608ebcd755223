-- Books what was spent before the ledger was opened, or before a new budget counted. The books may grow by late records: what was booked so before is
-- replaced.
-- KEYS: meters.  ARGV: budget's field, field that remembers the amount, amount ...
if redis.call('HEXISTS', KEYS[1], 'e') == 0 then return 0 end
local changed = 0
for i = 1, #ARGV, 3 do
  local amount, before = tonumber(ARGV[i + 2]), number(redis.call('HGET', KEYS[1], ARGV[i + 1]))
  if amount ~= before then
    local s, h = 0, 0
    local value = redis.call('HGET', KEYS[1], ARGV[i])
    if value then s, h = struct.unpack('<dd', value) end
    redis.call('HSET', KEYS[1], ARGV[i], struct.pack('<dd', s + amount - before, h), ARGV[i + 1], struct.pack('<d', amount))
    changed = changed + 1
  end
end
return changed
