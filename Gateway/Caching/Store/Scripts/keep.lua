-- Keeps an entry within the organisation's bytes: what has ended goes first, then what ends soonest.
-- KEYS: 1 entry, 2 epochs, 3 expiries, 4 sizes; of an entry that similar questions may find also 5 the order of its scope's rows, 6 their uses.
-- ARGV: 1 digest in hex, 2 what keys of entries begin with, 3 entry, 4 its life in ms, 5 its size, 6 most bytes of the organisation, 7 digest of its scope or nothing, 8 its row,
-- 9 most rows of a scope, then pairs: what it depends on, epoch.
-- Returns 1, or 0 when it was not kept: no room, or something was purged meanwhile.
local depends, names = {}, {}
for i = 10, #ARGV do
    depends[#depends + 1] = ARGV[i]
    if i % 2 == 0 then names[#names + 1] = ARGV[i] end
end
local now = redis.call('HMGET', KEYS[2], unpack(names))
for i = 1, #names do
    if (now[i] or '0') ~= depends[2 * i] then return 0 end
end

local size, most = tonumber(ARGV[5]), tonumber(ARGV[6])
if size > most then return 0 end
local clock = redis.call('TIME')
local ms = clock[1] * 1000 + math.floor(clock[2] / 1000)
-- The first write must be one that a server without room refuses: after another one it refuses no more in this script.
local total = redis.call('HINCRBY', KEYS[4], 'total', 0)

-- Where rows of scopes are: beside the entries.
local base = string.sub(ARGV[2], 1, -3)

-- Takes an entry out of the scope that it can be found in.
local function unlist(digest)
    local scope = redis.call('HGET', KEYS[4], 's' .. digest)
    if not scope then return end
    redis.call('ZREM', base .. 'n:' .. scope, digest)
    redis.call('ZREM', base .. 'u:' .. scope, digest)
    redis.call('HDEL', KEYS[4], 's' .. digest)
end

local function drop(digest)
    local bytes = redis.call('HGET', KEYS[4], digest)
    redis.call('ZREM', KEYS[3], digest)
    redis.call('UNLINK', ARGV[2] .. digest)
    unlist(digest)
    if not bytes then return end
    redis.call('HDEL', KEYS[4], digest)
    total = total - tonumber(bytes)
end

for _, digest in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', ms, 'LIMIT', 0, 64)) do drop(digest) end
drop(ARGV[1])
-- So many at most in one go: a server that is shared must not stand still for one entry.
for _ = 1, 4 do
    if total + size <= most then break end
    local soonest = redis.call('ZRANGE', KEYS[3], 0, 31)
    if #soonest == 0 then total = 0 end
    for _, digest in ipairs(soonest) do
        if total + size > most then drop(digest) end
    end
end
local isKept = total + size <= most
if isKept then
    local life = tonumber(ARGV[4])
    redis.call('HSET', KEYS[1], 'd', cmsgpack.pack(depends), 'b', ARGV[3])
    redis.call('PEXPIRE', KEYS[1], life)
    redis.call('ZADD', KEYS[3], ms + life, ARGV[1])
    redis.call('HSET', KEYS[4], ARGV[1], size)
    total = total + size
end
if isKept and ARGV[7] ~= '' then
    -- A scope has so many rows at most: those that answered least go, of equals the oldest. Their entries stay.
    for _ = 1, 16 do
        if redis.call('ZCARD', KEYS[6]) < tonumber(ARGV[9]) then break end
        local least = redis.call('ZRANGE', KEYS[6], 0, 0)[1]
        unlist(least)
        redis.call('ZREM', KEYS[5], least)
        redis.call('ZREM', KEYS[6], least)
        if redis.call('TYPE', ARGV[2] .. least).ok == 'hash' then
            local row = redis.call('HSTRLEN', ARGV[2] .. least, 'v')
            redis.call('HDEL', ARGV[2] .. least, 'v')
            local bytes = redis.call('HGET', KEYS[4], least)
            if bytes then
                redis.call('HSET', KEYS[4], least, tonumber(bytes) - row)
                total = total - row
            end
        end
    end
    local newest = redis.call('ZRANGE', KEYS[5], -1, -1, 'WITHSCORES')[2]
    local order = clock[1] * 1000000 + clock[2]
    if newest and order <= tonumber(newest) then order = tonumber(newest) + 1 end
    redis.call('HSET', KEYS[1], 'v', ARGV[8])
    redis.call('HSET', KEYS[4], 's' .. ARGV[1], ARGV[7])
    redis.call('ZADD', KEYS[5], string.format('%.0f', order), ARGV[1])
    -- Whole numbers are uses; behind the point stands when it was kept, so that of equals the oldest is least.
    redis.call('ZADD', KEYS[6], string.format('%.13f', ms / 100000000000000), ARGV[1])
    for i = 5, 6 do
        if redis.call('PTTL', KEYS[i]) < tonumber(ARGV[4]) then redis.call('PEXPIRE', KEYS[i], ARGV[4]) end
    end
end
redis.call('HSET', KEYS[4], 'total', total)
-- The books of an organisation that keeps nothing any more go a day after its last entry.
local rest = tonumber(ARGV[4]) + 86400000
if redis.call('PTTL', KEYS[3]) < rest then redis.call('PEXPIRE', KEYS[3], rest) end
if redis.call('PTTL', KEYS[4]) < rest then redis.call('PEXPIRE', KEYS[4], rest) end
return isKept and 1 or 0
