-- Brings a gateway's unfinished holds into a rebuild.
-- KEYS: holds, rebuild, instances, details.  ARGV: epoch of the rebuild, instance, length of the lease, last ('1' = these were all), id, hold, details ...
-- Answers: {1} | {0} that rebuild is over.
if redis.call('HGET', KEYS[2], 'epoch') ~= ARGV[1] then return { 0 } end
for i = 5, #ARGV, 3 do
  redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  redis.call('HSET', KEYS[4], ARGV[i], ARGV[i + 2])
end
redis.call('HSET', KEYS[3], ARGV[2], struct.pack('<d', now_us() + ARGV[3]))
if ARGV[4] == '1' then redis.call('HSET', KEYS[2], 'r' .. ARGV[2], '1') end
return { 1 }
