/**
 * State that the processes share, in one key a model; a number that is not set is 0. There are two lanes, 1 for requests and
 * 2 for tokens. Of each, `at` is when its bucket was empty, which is at most `lag` ago: a bucket as large as what comes in
 * meanwhile. `sum` counts what was sent, `rate` is the rate that responses state, and `by` is above the sum of the latest
 * that did. `cool` is when the service may be called again. Learned are `ceiling`, a rate that was rate-limited (0 while
 * there is none), and `kept`, the part of it that was kept. From `since` on, for `span`, the rate comes near to it again
 * (CUBIC, RFC 9438, 4.2). `open` is the rate while there is no ceiling. Redis's clock counts, in milliseconds, so those of
 * the machines need not agree. The first two arguments are the rates told, or 0.
 */
const STATE = `
local max, min = math.max, math.min
local t = redis.call('TIME')
local now = t[1] * 1000 + t[2] / 1000
local s = redis.call('GET', KEYS[1])
s = s and cmsgpack.unpack(s)
  or { at = { 0, 0 }, lag = { 25, 25 }, sum = { 0, 0 }, rate = { 0, 0 }, by = { 0, 0 }, open = 0.1 }
setmetatable(s, { __index = function() return 0 end })
local a = {}
for i = 1, #ARGV do a[i] = tonumber(ARGV[i]) end
local function rate(l)
  if a[l] > 0 then return a[l] end
  if s.rate[l] > 0 then return s.rate[l] end
  if l == 2 then return math.huge end
  if s.ceiling == 0 then return s.open end
  local beyond = max(-1, (now - s.since) / s.span - 1)
  return s.ceiling + (beyond < 0 and s.ceiling - s.kept or 0.05 * s.ceiling) * beyond ^ 3
end
local function save(result)
  redis.call('SET', KEYS[1], cmsgpack.pack(s), 'PX', 3600000)
  return table.concat(result, ' ')
end
`

/**
 * Gives slots, a short time ahead, so that the processes take turns and one that dies costs nobody more than those.
 * A slot missed by up to 25 ms is made up for. A limit of 1e9 is a way to say that there is none: 1e10 was seen. Its period is
 * a minute where that fits the reset, which comes in whole seconds, rounded up. Of a stated limit, all tokens of a request have to remain. Arguments: how
 * far ahead slots are given, how many were admitted since; for each lane the limit stated, what remains of it, its reset,
 * and the lane's sum at the request whose response states them; the tokens of each request. Result: the rate, the number of
 * the first slot, or 0, the sum of tokens before it, and the wait for each, or until one can be had.
 */
export const ACQUIRE = `${STATE}
for l = 1, 2 do
  local limit, remaining, reset, sum = unpack(a, 4 * l + 1, 4 * l + 4)
  if a[l] == 0 and limit > 0 and max(limit, remaining) < 1e9 and sum >= s.by[l] then
    local used, period = limit - remaining, 60000
    if used >= 1 and math.abs(reset - used * period / limit) > 1000 + period / limit then
      period = max(1, reset * limit / used)
    end
    local before, at = s.at[l], now - (remaining - s.sum[l] + sum) * period / limit
    s.at[l] = s.rate[l] > 0 and max(at, before + (at - before) / 8) or at
    s.lag[l], s.rate[l], s.by[l] = period, limit / period, sum + 1
  end
end
if now - s.since > 3 * s.span then s.open, s.ceiling = rate(1), 0 end
if a[4] > 0 then s.open = min(100, s.open * (s.open < 0.1 and 2 or 1.007 ^ a[4])) end
local from, given = max(now, s.cool)
for i = 13, #a do
  local wait, at, sum = from - now, {}, { s.sum[1] + 1, s.sum[2] + a[i] }
  for l = 1, 2 do
    local ms = (sum[l] - s.sum[l]) / rate(l)
    at[l] = max(from - s.lag[l], s.at[l]) + ms
    wait = max(wait, at[l] - max(0, ms - s.lag[l]) - now)
  end
  if wait > (given and given[4] + 50 or a[3]) then return save(given or { rate(1), 0, 0, wait }) end
  given = given or { rate(1), sum[1], s.sum[2] }
  given[#given + 1] = wait
  s.at, s.sum = at, sum
end
return save(given or { rate(1) })
`

/**
 * A request was rate-limited: all wait as long as the service asks. The rate is lowered once for all that were in flight
 * together. From one time to the next the service's bucket goes from empty to empty, so what was admitted in between
 * measures its rate, of which 0.97 is kept. Of a rate that was not measured 0.6 is kept; no less than one request in two
 * seconds. Arguments: the slot, or 0 where the response says nothing of the rate, and the wait.
 */
export const RATE_LIMITED = `${STATE}
local wait = a[4]
s.cool, s.refused = max(s.cool, now + wait), s.refused + 1
if a[3] > s.cut then
  local tried = rate(1)
  local sent = s.sum[1] - s.refused - max(0, s.at[1] - now) * tried
  local measured, kept, n = tried, 0.6, sent - s.sent
  if s.since > 0 and n > 9 then measured, kept = min(tried, n / max(1, now - s.since)), 0.97 end
  s.ceiling, s.kept = min(tried, 1.1 * measured), max(0.0005, kept * measured)
  s.sent, s.cut, s.since, s.span = sent, s.sum[1], now + max(wait, 4 / tried), max(1500, 40 * wait)
  s.at[1] = max(s.at[1], s.since)
end
return save({})
`
