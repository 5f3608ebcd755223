-- Renews a gateway's lease and tells what there is to do.
-- KEYS: meters, instances, rebuild, swept.  ARGV: instance, length of the lease.
-- Answers: {now, epoch or '', epoch of the rebuild under way or '', number of swept holds, instance whose lease ran out ...}.
local now = now_us()
-- Where nobody could beat for a while, the server was away, not the gateways: whoever comes first must not take the others for dead.
local last = redis.call('HGET', KEYS[2], LAST)
if last and now - number(last) > ARGV[2] / 2 then
  local leases = redis.call('HGETALL', KEYS[2])
  for i = 1, #leases, 2 do
    if number(leases[i + 1]) < now + ARGV[2] then redis.call('HSET', KEYS[2], leases[i], struct.pack('<d', now + ARGV[2])) end
  end
end
redis.call('HSET', KEYS[2], LAST, struct.pack('<d', now))
redis.call('HSET', KEYS[2], ARGV[1], struct.pack('<d', now + ARGV[2]))
local answer = { now, redis.call('HGET', KEYS[1], 'e') or '', redis.call('HGET', KEYS[3], 'epoch') or '', redis.call('HLEN', KEYS[4]) }
local all = redis.call('HGETALL', KEYS[2])
for i = 1, #all, 2 do
  if all[i] ~= LAST and number(all[i + 1]) < now then answer[#answer + 1] = all[i] end
end
return answer
