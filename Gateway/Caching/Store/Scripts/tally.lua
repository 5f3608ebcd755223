-- Adds to a day's figures: which replies saved what, and how close questions lay.
-- KEYS: 1 savings, 2 hits, 3 closest. ARGV: 1 most replies, 2 seconds that they stay, 3 how many replies follow; of each member, nano-USD and hits; then fields of closest and their counts.
local at = 4
for _ = 1, tonumber(ARGV[3]) do
    redis.call('ZINCRBY', KEYS[1], ARGV[at + 1], ARGV[at])
    redis.call('HINCRBY', KEYS[2], ARGV[at], ARGV[at + 2])
    at = at + 3
end
-- Those that saved least go.
local over = redis.call('ZCARD', KEYS[1]) - tonumber(ARGV[1])
if over > 0 then
    for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, over - 1)) do
        redis.call('ZREM', KEYS[1], member)
        redis.call('HDEL', KEYS[2], member)
    end
end
while at < #ARGV do
    redis.call('HINCRBY', KEYS[3], ARGV[at], ARGV[at + 1])
    at = at + 2
end
for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, ARGV[2]) end
return 1
