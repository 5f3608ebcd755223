-- Removes details of which no hold is left: a connection broke between the two. The caller chose them by their age: no request waits that long for its hold.
-- KEYS: holds, details.  ARGV: id ...
local gone = 0
for i = 1, #ARGV do
  if redis.call('HEXISTS', KEYS[1], ARGV[i]) == 0 then gone = gone + redis.call('HDEL', KEYS[2], ARGV[i]) end
end
return gone
