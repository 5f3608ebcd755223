-- Turns holds of a gateway whose lease ran out into what they cost at most. Nobody knows yet what they did cost, and whatever it was fits into that.
-- KEYS: meters, holds, swept, instances, details.  ARGV: instance, last ('1' = these are all: forget the instance), id ...
-- Answers: the ids of those that were turned.
if redis.call('HEXISTS', KEYS[1], 'e') == 0 then return {} end
local now = now_us()
local lease = redis.call('HGET', KEYS[4], ARGV[1])
if lease and number(lease) >= now then return {} end
local answer = {}
for i = 3, #ARGV do
  local value = redis.call('HGET', KEYS[2], ARGV[i])
  if value and string.sub(value, 17, 32) == ARGV[1] then
    local held, heldTokens = struct.unpack('<dd', value)
    local details = redis.call('HGET', KEYS[5], ARGV[i])
    -- First, as in settle.
    redis.call('HDEL', KEYS[2], ARGV[i])
    redis.call('HDEL', KEYS[5], ARGV[i])
    local _, spec = cmsgpack.unpack_one(details, 0)
    apply(KEYS[1], spec, held, heldTokens, held, heldTokens, true, false)
    redis.call('HSET', KEYS[3], ARGV[i], struct.pack('<ddd', held, heldTokens, now) .. value .. details)
    answer[#answer + 1] = ARGV[i]
  end
end
if ARGV[2] == '1' then redis.call('HDEL', KEYS[4], ARGV[1]) end
return answer
