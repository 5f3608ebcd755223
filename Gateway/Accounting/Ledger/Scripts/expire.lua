-- Turns holds of a gateway whose lease ran out into what they are estimated to have cost.
-- KEYS: meters, holds, swept, instances.  ARGV: instance, last ('1' = these are all: forget the instance), id ...
-- Answers: id, record, id, record ... of those that were turned.
if redis.call('HEXISTS', KEYS[1], 'e') == 0 then return {} end
local now = now_us()
local lease = redis.call('HGET', KEYS[4], ARGV[1])
if lease and number(lease) >= now then return {} end
local answer = {}
for i = 3, #ARGV do
  local value = redis.call('HGET', KEYS[2], ARGV[i])
  if value and string.sub(value, 33, 48) == ARGV[1] then
    local held, heldTokens, cost, tokens = struct.unpack('<dddd', value)
    local behind, spec = cmsgpack.unpack_one(value, HEAD)
    -- First, as in settle.
    redis.call('HDEL', KEYS[2], ARGV[i])
    apply(KEYS[1], spec, held, heldTokens, cost, tokens, true, false)
    redis.call('HSET', KEYS[3], ARGV[i], struct.pack('<ddd', cost, tokens, now) .. value)
    answer[#answer + 1] = ARGV[i]
    if behind < 0 then answer[#answer + 1] = '' else answer[#answer + 1] = string.sub(value, behind + 1) end
  end
end
if ARGV[2] == '1' then redis.call('HDEL', KEYS[4], ARGV[1]) end
return answer
