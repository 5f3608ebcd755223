-- Reserves for requests of one gateway, each for all of its meters or for none.
-- Several at once, because what a call costs is mostly reading and writing meters, and the requests of an organisation share most of theirs. If what all of
-- them ask for together fits everywhere, each would have been granted in full one after the other: that is looked at first and costs next to nothing a
-- request. Only if it does not fit are they taken one by one.
-- KEYS: meters, holds, details.  ARGV: epoch, deadline, totals, requests, and id and hold of each request. Their details were written by one command before.
-- totals: { fields, first parameters, second parameters, asked for together (units of a rate, requests at once, the most that they may cost) }.
-- requests: { input cost, cost of an output token, most output tokens, fewest output tokens, tokens, { places of its fields, from 1 } } ...
-- hold: its value as it will stand (see common.lua) with the most that it may cost. Where requests take nothing but request rates there are no ids and no
-- holds: what they take is not given back by time or settlement, so nothing needs to be remembered.
-- Answers: {1, now, theoretical arrival time of each rate among the fields} all are granted in full | {0, eight numbers a request ...}: 1, output tokens
-- granted, requests meter, remaining, reset, tokens meter, remaining, reset, or 0, meter, a, b and four zeros | {2, epoch} | {3} too late.
local now = now_us()
local keeps = ARGV[5] ~= nil
-- Details of requests that hold nothing; so many at once as Lua can pass.
local function forget(ids) redis.call('HDEL', KEYS[3], unpack(ids)) end
local function forget_all()
  if not keeps then return end
  local ids = {}
  for i = 5, #ARGV, 2 do ids[#ids + 1] = ARGV[i] end
  forget(ids)
end
-- A full server may have refused the details: all of them, for they came together.
if now > tonumber(ARGV[2]) or keeps and redis.call('HEXISTS', KEYS[3], ARGV[5]) == 0 then
  forget_all()
  return { 3 }
end
local totals = cmsgpack.unpack(ARGV[3])
local fields, as, bs, asked = totals[1], totals[2], totals[3], totals[4]
local values = redis.call('HMGET', KEYS[1], 'e', unpack(fields))
if values[1] ~= ARGV[1] then
  forget_all()
  return { 2, values[1] or '' }
end

local byte, unpack_one, pack = string.byte, struct.unpack, struct.pack
local first, second, kinds, write, answer = {}, {}, {}, {}, { 1, now }
local fits, w, n = true, 0, 2
for i = 1, #fields do
  local kind, value, a, demand = byte(fields[i]), values[i + 1], as[i], asked[i]
  local x, y, new = 0, 0, nil
  if kind == BUDGET then
    if value then x, y = unpack_one('<dd', value) end
    if a >= 0 and a - x - y < demand then fits = false end
    new = pack('<dd', x, y + demand)
  else
    if value then x = unpack_one('<d', value) end
    if kind == RATE_R or kind == RATE_T then
      local tat = x
      if tat < now then tat = now end
      tat = tat + a * demand
      if tat - now - bs[i] > 0.5 then fits = false end
      n = n + 1
      answer[n] = math.ceil(tat)
      new = pack('<d', tat)
    elseif kind == COUNT then
      if x + demand > a then fits = false end
      new = pack('<d', x + demand)
    else
      if x == 1 or demand > 1 then fits = false end
      new = pack('<d', 1)
    end
  end
  kinds[i], first[i], second[i] = kind, x, y
  write[w + 1], write[w + 2] = fields[i], new
  w = w + 2
end
if fits then
  if w > 0 then redis.call('HSET', KEYS[1], unpack(write)) end
  if keeps then redis.call('HSET', KEYS[2], unpack(ARGV, 5)) end
  return answer
end

-- One by one.
local requests, holds, h, at, idle = cmsgpack.unpack(ARGV[4]), {}, 0, 1, {}
local dirty, floor, ceil, max = {}, math.floor, math.ceil, math.max
answer = { 0 }
for r = 1, #requests do
  local q = requests[r]
  local base, each, granted, tokens = q[1], q[2], q[3], q[5]
  local meters = q[6]
  local refused, wait, busy, used = 0, -1, 0, 0
  local available, tightest = nil, 0
  local ofRequests, requestsLeft, requestsReset = 0, 0, 0
  local ofTokens, tokensLeft, tokensReset = 0, 0, 0
  for i = 1, #meters do
    local f = meters[i]
    local kind, a, b = kinds[f], as[f], bs[f]
    if kind == BUDGET then
      local left = a - first[f] - second[f]
      if a >= 0 and (available == nil or left < available) then available, tightest = left, i end
    elseif kind == RATE_R or kind == RATE_T then
      local step = a
      if kind == RATE_T then step = a * tokens end
      local tat = max(first[f], now)
      -- A request larger than the burst passes when nothing is owed, and is paid off afterwards. Half a microsecond is room for rounding.
      local over = tat + step - now - b
      if step > b then over = tat - now end
      if over > 0.5 then
        if over > wait then wait, refused = over, i end
      else
        tat = tat + step
        local left = max(0, floor((b - (tat - now)) / a + 1e-6))
        if kind == RATE_R then
          if ofRequests == 0 or left < requestsLeft then ofRequests, requestsLeft, requestsReset = i, left, ceil(tat - now) end
        elseif ofTokens == 0 or left < tokensLeft then
          ofTokens, tokensLeft, tokensReset = i, left, ceil(tat - now)
        end
      end
    elseif kind == COUNT then
      if first[f] >= a and wait < 0 then wait, refused, busy = 0, i, first[f] end
    elseif first[f] == 1 and used == 0 then
      used = i
    end
  end

  local said
  if used > 0 then
    said = { 0, used, 0, 0, 0, 0, 0, 0 }
  elseif available ~= nil and base + each * q[4] > available then
    local f = meters[tightest]
    said = { 0, tightest, first[f], second[f], 0, 0, 0, 0 }
  elseif refused > 0 then
    said = { 0, refused, ceil(max(0, wait)), busy, 0, 0, 0, 0 }
  else
    if available ~= nil and base + each * granted > available then granted = floor((available - base) / each) end
    -- Beyond that only budgets that refuse nothing get, and sums would not be whole any more.
    local cost = math.min(base + each * granted, LARGEST)
    for i = 1, #meters do
      local f = meters[i]
      local kind = kinds[f]
      dirty[f] = true
      if kind == BUDGET then second[f] = second[f] + cost
      elseif kind == RATE_R then first[f] = max(first[f], now) + as[f]
      elseif kind == RATE_T then first[f] = max(first[f], now) + as[f] * tokens
      elseif kind == COUNT then first[f] = first[f] + 1
      else first[f] = 1 end
    end
    if keeps then
      holds[h + 1], holds[h + 2] = ARGV[3 + 2 * r], pack('<d', cost) .. string.sub(ARGV[4 + 2 * r], 9)
      h = h + 2
    end
    said = { 1, granted, ofRequests, requestsLeft, requestsReset, ofTokens, tokensLeft, tokensReset }
  end
  if keeps and said[1] == 0 then idle[#idle + 1] = ARGV[3 + 2 * r] end
  for i = 1, 8 do answer[at + i] = said[i] end
  at = at + 8
end

write, w = {}, 0
for f in pairs(dirty) do
  local value
  if kinds[f] == BUDGET then value = pack('<dd', first[f], second[f]) else value = pack('<d', first[f]) end
  write[w + 1], write[w + 2] = fields[f], value
  w = w + 2
end
if w > 0 then redis.call('HSET', KEYS[1], unpack(write)) end
if h > 0 then redis.call('HSET', KEYS[2], unpack(holds)) end
if #idle > 0 then forget(idle) end
return answer
