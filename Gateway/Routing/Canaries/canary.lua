-- Adds what a gateway counted of a canary, and tells how the canary stands over all gateways.
-- KEYS: the canary's hash.  ARGV: seconds that it is kept, what to do ('', 'advance' or 'trip'), the step to advance from or the guard that was broken, field, amount, ...
-- Answers: {now in milliseconds, field, value, ...}.
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
redis.call('HSETNX', KEYS[1], 'stage', '0')
redis.call('HSETNX', KEYS[1], 'stage_at', now)
redis.call('HSETNX', KEYS[1], 'stage_base', '0')
for i = 4, #ARGV, 2 do redis.call('HINCRBYFLOAT', KEYS[1], ARGV[i], ARGV[i + 1]) end
if ARGV[2] == 'trip' then
  redis.call('HSETNX', KEYS[1], 'tripped', ARGV[3])
elseif ARGV[2] == 'advance' and redis.call('HGET', KEYS[1], 'stage') == ARGV[3] then
  -- Whoever comes first advances; the others name a step that is over.
  redis.call('HSET', KEYS[1], 'stage', string.format('%.0f', ARGV[3] + 1), 'stage_at', now, 'stage_base', redis.call('HGET', KEYS[1], 'c:n') or '0')
end
redis.call('EXPIRE', KEYS[1], ARGV[1])
local answer = redis.call('HGETALL', KEYS[1])
table.insert(answer, 1, now)
return answer
