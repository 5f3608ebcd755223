-- Removes meters that say nothing any more. The caller chose them; each is looked at again here, where nothing can change in between.
-- KEYS: meters.  ARGV: field ...
local now = now_us()
local gone = 0
for i = 1, #ARGV do
  local kind, value = string.byte(ARGV[i]), redis.call('HGET', KEYS[1], ARGV[i])
  local idle = false
  if value and (kind == RATE_R or kind == RATE_T) then idle = number(value) <= now
  elseif value and kind == COUNT then idle = number(value) == 0
  elseif value and kind == BUDGET then
    local _, held = struct.unpack('<dd', value)
    idle = held == 0
  end
  if idle then
    gone = gone + redis.call('HDEL', KEYS[1], ARGV[i])
    -- With a budget goes the memory of what was seeded.
    if kind == BUDGET then redis.call('HDEL', KEYS[1], 'k' .. string.sub(ARGV[i], 2)) end
  end
end
return gone
