-- Reserves for all meters of a request, or for none.
-- KEYS: meters, holds.  ARGV: epoch, deadline, id, instance, input cost, cost of an output token, most output tokens, fewest output tokens, tokens,
-- estimated cost, estimated tokens, spec, record, flag (1 = it arrived before the ledger was opened: what became of it is remembered).
-- Answers: {1, output tokens granted, requests meter, remaining, reset, tokens meter, remaining, reset} | {0, meter, a, b} | {2, epoch} | {3} too late.
local now = now_us()
if now > tonumber(ARGV[2]) then return { 3 } end
local spec = cmsgpack.unpack(ARGV[12])
local fields, p = spec[1], spec[2]
local values = redis.call('HMGET', KEYS[1], 'e', unpack(fields))
if values[1] ~= ARGV[1] then return { 2, values[1] or '' } end

local tokens = tonumber(ARGV[9])
local write, n = {}, 0
local refused, wait, busy = 0, -1, 0
local available, tightest, tightSettled, tightHeld = nil, 0, 0, 0
local requests, requestsLeft, requestsReset = 0, 0, 0
local rate, rateLeft, rateReset = 0, 0, 0
for i = 1, #fields do
  local kind, value = string.byte(fields[i]), values[i + 1]
  local a, b = p[2 * i - 1], p[2 * i]
  if kind == RATE_R or kind == RATE_T then
    local step = a
    if kind == RATE_T then step = a * tokens end
    local tat = number(value)
    if tat < now then tat = now end
    -- A request larger than the burst passes when nothing is owed, and is paid off afterwards. Half a microsecond is room for rounding.
    local over = tat + step - now - b
    if step > b then over = tat - now end
    if over > 0.5 then
      if over > wait then wait, refused = over, i end
    else
      tat = tat + step
      write[n + 1], write[n + 2] = fields[i], struct.pack('<d', tat)
      n = n + 2
      local left = math.max(0, math.floor((b - (tat - now)) / a + 1e-6))
      if kind == RATE_R then
        if requests == 0 or left < requestsLeft then requests, requestsLeft, requestsReset = i, left, math.ceil(tat - now) end
      elseif rate == 0 or left < rateLeft then
        rate, rateLeft, rateReset = i, left, math.ceil(tat - now)
      end
    end
  elseif kind == COUNT then
    local count = number(value)
    if count >= a then
      if wait < 0 then wait, refused, busy = 0, i, count end
    else
      write[n + 1], write[n + 2] = fields[i], struct.pack('<d', count + 1)
      n = n + 2
    end
  elseif kind == BUDGET then
    if a >= 0 then
      local s, h = 0, 0
      if value then s, h = struct.unpack('<dd', value) end
      if available == nil or a - s - h < available then available, tightest, tightSettled, tightHeld = a - s - h, i, s, h end
    end
  else
    if number(value) == 1 then return { 0, i, 0, 0 } end
    write[n + 1], write[n + 2] = fields[i], struct.pack('<d', 1)
    n = n + 2
  end
end

local base, each, granted = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
if available ~= nil then
  if base + each * tonumber(ARGV[8]) > available then return { 0, tightest, tightSettled, tightHeld } end
  if base + each * granted > available then granted = math.floor((available - base) / each) end
end
if refused > 0 then return { 0, refused, math.ceil(math.max(0, wait)), busy } end

-- Beyond that only budgets that refuse nothing get, and sums would not be whole any more.
local cost = math.min(base + each * granted, LARGEST)
for i = 1, #fields do
  if string.byte(fields[i]) == BUDGET then
    local s, h = 0, 0
    if values[i + 1] then s, h = struct.unpack('<dd', values[i + 1]) end
    write[n + 1], write[n + 2] = fields[i], struct.pack('<dd', s, h + cost)
    n = n + 2
  end
end
if n > 0 then redis.call('HSET', KEYS[1], unpack(write)) end
redis.call('HSET', KEYS[2], ARGV[3], struct.pack('<dddd', cost, tokens, ARGV[10], ARGV[11]) .. ARGV[4] .. string.char(ARGV[14]) .. ARGV[12] .. ARGV[13])
return { 1, granted, requests, requestsLeft, requestsReset, rate, rateLeft, rateReset }
