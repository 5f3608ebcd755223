-- Finds an entry unless anything that it depends on was purged since it was made.
-- KEYS: 1 entry, 2 epochs, 3 expiries, 4 sizes; where a similar question found it also 5 the uses of its scope's rows. ARGV: 1 digest in hex, then the fields that a new entry would depend on.
-- Returns the entry or false, then the epochs of those fields.
local fields = {}
for i = 2, #ARGV do fields[#fields + 1] = ARGV[i] end
local epochs = redis.call('HMGET', KEYS[2], unpack(fields))
local result = { false }
for i = 1, #fields do result[i + 1] = epochs[i] or '0' end

local entry = redis.call('HMGET', KEYS[1], 'd', 'b')
if not entry[1] or not entry[2] then return result end
local isRead, depends = pcall(cmsgpack.unpack, entry[1])
local isGood = isRead and type(depends) == 'table' and #depends >= 2
if isGood then
    local names = {}
    for i = 1, #depends, 2 do names[#names + 1] = depends[i] end
    local now = redis.call('HMGET', KEYS[2], unpack(names))
    for i = 1, #names do
        if (now[i] or '0') ~= depends[2 * i] then isGood = false end
    end
end
if isGood then
    result[1] = entry[2]
    -- A server without room refuses to count.
    if KEYS[5] then redis.pcall('ZADD', KEYS[5], 'XX', 'INCR', 1, ARGV[1]) end
    return result
end
-- A server without room refuses what adds; it is tidied later then.
redis.call('UNLINK', KEYS[1])
redis.call('ZREM', KEYS[3], ARGV[1])
local size = redis.call('HGET', KEYS[4], ARGV[1])
if size then
    redis.call('HDEL', KEYS[4], ARGV[1])
    local scope = redis.call('HGET', KEYS[4], 's' .. ARGV[1])
    if scope then
        local base = string.match(KEYS[1], '^(.*:)e:%x+$')
        redis.call('ZREM', base .. 'n:' .. scope, ARGV[1])
        redis.call('ZREM', base .. 'u:' .. scope, ARGV[1])
        redis.call('HDEL', KEYS[4], 's' .. ARGV[1])
    end
    redis.pcall('HINCRBY', KEYS[4], 'total', -tonumber(size))
end
return result
