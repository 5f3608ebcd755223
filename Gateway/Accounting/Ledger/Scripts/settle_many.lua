-- Ends holds of one gateway and books what was used, all of them or none; settle.lua does it for a single one, whatever became of it.
-- KEYS: meters, holds, details.  ARGV: totals, held together (nano-USD), tokens held together, and the id of each hold.
-- totals: { fields, what comes to each: settled or theoretical arrival time or count, what leaves what is held }: sums over the requests of each field.
-- Answers: {1, settled sum of each budget among the fields ...} | {0} not all of them are there as they were granted: each by itself | {2} the ledger is not
-- open.
local totals = cmsgpack.unpack(ARGV[1])
local fields, comes, leaves = totals[1], totals[2], totals[3]
local values = redis.call('HMGET', KEYS[1], 'e', unpack(fields))
if not values[1] then return { 2 } end
local held, heldCost, heldTokens = redis.call('HMGET', KEYS[2], unpack(ARGV, 4)), 0, 0
for i = 1, #held do
  -- A hold of a request that is older than the ledger is remembered when it ends: settle.lua does that.
  if not held[i] or is_older(held[i], 0) then return { 0 } end
  local cost, tokens = struct.unpack('<dd', held[i])
  heldCost, heldTokens = heldCost + cost, heldTokens + tokens
end
if heldCost ~= tonumber(ARGV[2]) or heldTokens ~= tonumber(ARGV[3]) then return { 0 } end

-- First: a full server refuses what takes memory as long as a script has changed nothing, and would keep every hold for ever.
redis.call('HDEL', KEYS[2], unpack(ARGV, 4))
redis.call('HDEL', KEYS[3], unpack(ARGV, 4))
local answer, write, w = { 1 }, {}, 0
for i = 1, #fields do
  local kind, value, new = string.byte(fields[i]), values[i + 1], nil
  if kind == BUDGET then
    local s, h = 0, 0
    if value then s, h = struct.unpack('<dd', value) end
    s = s + comes[i]
    answer[#answer + 1] = s
    new = struct.pack('<dd', s, math.max(0, h - leaves[i]))
  elseif kind == ONCE then
    -- What came to nothing may be used again.
    if comes[i] == 0 then new = struct.pack('<d', 0) end
  elseif value and comes[i] ~= 0 then
    local x = struct.unpack('<d', value) + comes[i]
    if kind == COUNT and x < 0 then x = 0 end
    new = struct.pack('<d', x)
  end
  if new then
    write[w + 1], write[w + 2] = fields[i], new
    w = w + 2
  end
end
if w > 0 then redis.call('HSET', KEYS[1], unpack(write)) end
return answer
