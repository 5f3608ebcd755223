-- Renews a gateway's lease and tells what there is to do.
-- KEYS: meters, instances, rebuild, swept.  ARGV: instance, length of the lease.
-- Answers: {now, epoch or '', epoch of the rebuild under way or '', number of swept holds, instance whose lease ran out ...}.
local now = now_us()
redis.call('HSET', KEYS[2], ARGV[1], struct.pack('<d', now + ARGV[2]))
local answer = { now, redis.call('HGET', KEYS[1], 'e') or '', redis.call('HGET', KEYS[3], 'epoch') or '', redis.call('HLEN', KEYS[4]) }
local all = redis.call('HGETALL', KEYS[2])
for i = 1, #all, 2 do
  if number(all[i + 1]) < now then answer[#answer + 1] = all[i] end
end
return answer
