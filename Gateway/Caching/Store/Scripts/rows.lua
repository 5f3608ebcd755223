-- Gives the rows of a scope that were kept after a place, in their order.
-- KEYS: 1 order of the scope's rows, 2 their uses. ARGV: 1 the place, 2 most rows, 3 what keys of entries begin with.
-- Returns the place that was reached, 1 where there may be more, then digest and row of each.
local found = redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. ARGV[1], '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[2])
local result = { ARGV[1], #found == 2 * tonumber(ARGV[2]) and 1 or 0 }
for i = 1, #found, 2 do
    local row = redis.pcall('HGET', ARGV[3] .. found[i], 'v')
    if type(row) == 'string' then
        result[#result + 1] = found[i]
        result[#result + 1] = row
    else
        -- Its entry has ended, or what stands there is none of ours.
        redis.call('ZREM', KEYS[1], found[i])
        redis.call('ZREM', KEYS[2], found[i])
    end
    result[1] = found[i + 1]
end
return result
