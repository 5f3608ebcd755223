-- What the scripts share; see docs/ledger.md. Times are microseconds of this server's clock, money is nano-USD. Numbers are IEEE doubles, exact for whole
-- numbers up to 2^53. A hold's spec is { fields, parameters }: two parameters a field.
--   r, t  a rate: microseconds a unit, tolerance     value: theoretical arrival time
--   c     concurrency: most at once, -               value: count
--   b     a budget: cap (-1 = never refuses), -      value: settled, held
--   a     an approval for one use: -, -              value: 1 = used
local RATE_R, RATE_T, COUNT, BUDGET, ONCE = 114, 116, 99, 98, 97
local HEAD = 33
local LARGEST = 2 ^ 53
-- Field of the last beat among the instances, which have 16 bytes.
local LAST = 'last'

local function now_us()
  local t = redis.call('TIME')
  return t[1] * 1000000 + t[2]
end

local function number(value)
  if value then return (struct.unpack('<d', value)) end
  return 0
end

-- Whether the request of a hold is older than the ledger: the first of its flags. The hold begins behind so many bytes.
local function is_older(value, before)
  return string.byte(value, before + HEAD) % 2 == 1
end

-- Takes a hold (or nothing: held = heldTokens = 0, ends = false) off its meters and books what was used. Returns the settled sums of its budgets.
local function apply(meters, spec, held, heldTokens, cost, tokens, ends, undo)
  local fields, p = spec[1], spec[2]
  if #fields == 0 then return {} end
  local values = redis.call('HMGET', meters, unpack(fields))
  local write, settled, n = {}, {}, 0
  for i = 1, #fields do
    local kind, value, new = string.byte(fields[i]), values[i], nil
    if kind == BUDGET then
      local s, h = 0, 0
      if value then s, h = struct.unpack('<dd', value) end
      h = h - held
      if h < 0 then h = 0 end
      s = s + cost
      settled[#settled + 1] = s
      new = struct.pack('<dd', s, h)
    elseif kind == RATE_T then
      if value and tokens ~= heldTokens then new = struct.pack('<d', number(value) + (tokens - heldTokens) * p[2 * i - 1]) end
    elseif kind == RATE_R then
      if value and undo then new = struct.pack('<d', number(value) - p[2 * i - 1]) end
    elseif kind == COUNT then
      if value and ends then new = struct.pack('<d', math.max(0, number(value) - 1)) end
    elseif kind == ONCE then
      -- What came to nothing may be used again; what a late truth says was spent may not.
      if ends and cost == 0 then new = struct.pack('<d', 0) end
      if not ends and cost > 0 then new = struct.pack('<d', 1) end
    end
    if new then
      write[n + 1], write[n + 2] = fields[i], new
      n = n + 2
    end
  end
  if n > 0 then redis.call('HSET', meters, unpack(write)) end
  return settled
end
