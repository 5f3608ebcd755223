-- Gives back units of request rates that were taken without a hold. Whoever asks does so once at most: a unit that is lost on the way is not given back.
-- KEYS: meters.  ARGV: field and microseconds of a unit, for each rate.
-- Answers: 1 | 0 the ledger is not open.
if redis.call('HEXISTS', KEYS[1], 'e') == 0 then return 0 end
for i = 1, #ARGV, 2 do
  local value = redis.call('HGET', KEYS[1], ARGV[i])
  if value then redis.call('HSET', KEYS[1], ARGV[i], struct.pack('<d', number(value) - tonumber(ARGV[i + 1]))) end
end
return 1
