-- Asks for the ledger: is it open, or must it be rebuilt? Whoever finds that first leads the rebuild.
-- KEYS: meters, holds, instances, swept, rebuild, details.  ARGV: a new epoch, instance, microseconds that a leader has, epoch that is to be rebuilt though it is open
-- (or ''), length of the lease, how often the books were rewritten (an older ledger is rebuilt from them; 0 or missing = never).
-- An epoch ends with the run id of the server that it was opened on: after a restart, or on a replica that took over, what is here may be old.
-- Answers: {0, epoch} open | {1, epoch of the rebuild} another leads | {2, epoch of the rebuild} this gateway leads.
local now = now_us()
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
local epoch = redis.call('HGET', KEYS[1], 'e')
local written = tonumber(ARGV[6] or 0)
if epoch and epoch ~= ARGV[4] and string.sub(epoch, -#run) == run and number(redis.call('HGET', KEYS[1], 'g')) >= written then
  -- Who learns the epoch may hold something before its first beat. A full server may refuse this; then it refuses holds as well.
  redis.pcall('HSET', KEYS[3], ARGV[2], struct.pack('<d', now + ARGV[5]))
  return { 0, epoch }
end
local leader = redis.call('HMGET', KEYS[5], 'leader', 'until', 'epoch')
if leader[1] and not epoch and number(leader[2]) > now then
  if leader[1] == ARGV[2] then return { 2, leader[3] } end
  return { 1, leader[3] }
end
redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6])
redis.call('HSET', KEYS[5], 'leader', ARGV[2], 'until', struct.pack('<d', now + ARGV[3]), 'epoch', ARGV[1], 'g', struct.pack('<d', written))
return { 2, ARGV[1] }
