-- Opens a rebuilt ledger: what the books say was spent, and what the registered holds hold.
-- KEYS: meters, holds, rebuild, details.  ARGV: epoch of the rebuild, instance, budget's field, settled ...
-- Answers: {1, epoch} | {0} somebody else leads.
local leader = redis.call('HMGET', KEYS[3], 'leader', 'epoch')
if leader[1] ~= ARGV[2] or leader[2] ~= ARGV[1] then return { 0 } end
local settled, held, count = {}, {}, {}
for i = 3, #ARGV, 2 do settled[ARGV[i]] = tonumber(ARGV[i + 1]) end
local holds = redis.call('HGETALL', KEYS[2])
for i = 1, #holds, 2 do
  local cost = struct.unpack('<d', holds[i + 1])
  local _, spec = cmsgpack.unpack_one(redis.call('HGET', KEYS[4], holds[i]), 0)
  for _, field in ipairs(spec[1]) do
    local kind = string.byte(field)
    if kind == BUDGET then held[field] = (held[field] or 0) + cost
    elseif kind == COUNT then count[field] = (count[field] or 0) + 1
    elseif kind == ONCE then count[field] = 1 end
  end
end
for field, sum in pairs(settled) do
  -- 'k' fields remember what was seeded; they are not budgets.
  if string.byte(field) == 107 then redis.call('HSET', KEYS[1], field, struct.pack('<d', sum))
  else redis.call('HSET', KEYS[1], field, struct.pack('<dd', sum, held[field] or 0)) end
end
for field, sum in pairs(held) do
  if settled[field] == nil then redis.call('HSET', KEYS[1], field, struct.pack('<dd', 0, sum)) end
end
for field, n in pairs(count) do redis.call('HSET', KEYS[1], field, struct.pack('<d', n)) end
local epoch = ARGV[1] .. ':' .. string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
-- A leader that does not know yet of a rewritten book says so; whoever does rebuilds once more.
redis.call('HSET', KEYS[1], 'e', epoch, 'g', redis.call('HGET', KEYS[3], 'g') or struct.pack('<d', 0))
redis.call('DEL', KEYS[3])
return { 1, epoch }
