-- Ends a hold and books what was used, once: a repeated call changes nothing, a later truth replaces what a sweep had booked.
-- KEYS: meters, holds, swept, details.  ARGV: id, cost, tokens, undo ('1' = no provider was reached: rates are given back too).
-- Answers: {1, settled sum of each budget ...} | {0} nothing known of it | {2} the ledger is not open.
if redis.call('HEXISTS', KEYS[1], 'e') == 0 then return { 2 } end
local cost, tokens = tonumber(ARGV[2]), tonumber(ARGV[3])
local value = redis.call('HGET', KEYS[2], ARGV[1])
if value then
  local held, heldTokens = struct.unpack('<dd', value)
  local details = redis.call('HGET', KEYS[4], ARGV[1])
  -- First: a full server refuses what takes memory as long as a script has changed nothing, and would keep every hold for ever.
  redis.call('HDEL', KEYS[2], ARGV[1])
  redis.call('HDEL', KEYS[4], ARGV[1])
  local _, spec = cmsgpack.unpack_one(details, 0)
  local settled = apply(KEYS[1], spec, held, heldTokens, cost, tokens, true, ARGV[4] == '1')
  -- A hold of a request that is older than the ledger is remembered, so that its record is not taken for one that the rebuild missed.
  if is_older(value, 0) then redis.call('HSET', KEYS[3], ARGV[1], struct.pack('<ddd', cost, tokens, now_us()) .. value .. details) end
  return { 1, unpack(settled) }
end
value = redis.call('HGET', KEYS[3], ARGV[1])
if not value then return { 0 } end
local charged, chargedTokens, at = struct.unpack('<ddd', value)
-- Undone and forgotten: the request may ask again under the same id, and its record is not this hold's then.
local forget = ARGV[4] == '1' and not is_older(value, 24)
if forget then redis.call('HDEL', KEYS[3], ARGV[1]) end
if charged == cost then return { 1 } end
local _, spec = cmsgpack.unpack_one(value, HEAD + 24)
local settled = apply(KEYS[1], spec, 0, chargedTokens, cost - charged, tokens, false, false)
if not forget then redis.call('HSET', KEYS[3], ARGV[1], struct.pack('<ddd', cost, tokens, at) .. string.sub(value, 25)) end
return { 1, unpack(settled) }
