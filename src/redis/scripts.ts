/**
 * State that the processes share, in one key a model. There are two lanes, 1 for requests and 2 for tokens. Of each, `at` is
 * when the next request may be sent, and lies back as far as a burst is allowed; `sum` counts what was sent; `rate` and `lag`
 * are the rate and the period that responses state, and `by` is the sum of the latest that did. `cool` is when the
 * service may be called again. Learned are `ceiling`, a rate that was rate-limited (0 while there is none), and `kept`, the
 * part of it that was kept. From `since` on, for `span`, the rate comes near to it again (CUBIC, RFC 9438, 4.2).
 * `open` is the rate while there is no ceiling. Redis's clock counts, in milliseconds, so those of the machines need not
 * agree. The first two arguments are the rates told, or 0.
 */
const STATE = `
local t = redis.call('TIME')
local now = t[1] * 1000 + t[2] / 1000
local s = redis.call('GET', KEYS[1])
s = s and cmsgpack.unpack(s)
  or { at1 = 0, at2 = 0, sum1 = 0, sum2 = 0, by1 = -1, by2 = -1, cool = 0, cut = 0, since = 0, span = 1, ceiling = 0, open = 0.1 }
local a = {}
for i = 1, #ARGV do a[i] = tonumber(ARGV[i]) end
local function rate()
  if a[1] > 0 then return a[1] end
  if s.rate1 then return s.rate1 end
  if s.ceiling == 0 then return s.open end
  local beyond = (now - s.since) / s.span - 1
  if beyond < 0 then return s.ceiling + (s.ceiling - s.kept) * math.max(beyond, -1) ^ 3 end
  return s.ceiling * (1 + 0.05 * beyond ^ 3)
end
local function save(result)
  redis.call('SET', KEYS[1], cmsgpack.pack(s), 'PX', 3600000)
  return table.concat(result, ' ')
end
`

/**
 * Gives slots, a short time ahead, so that the processes take turns and one that dies costs nobody more than those.
 * A slot missed by up to 25 ms is made up for. Of a stated limit, all tokens of a request have to remain. Arguments: how
 * far ahead slots are given, how many were admitted since; for each lane the limit stated, what remains of it, its period,
 * and the lane's sum at the request whose response states them; the tokens of each request. Result: the rate, the number of
 * the first slot, or 0, the sum of tokens before it, and the wait for each, or until one can be had.
 */
export const ACQUIRE = `${STATE}
for l = 1, 2 do
  local limit, remaining, period, sum = unpack(a, 4 * l + 1, 4 * l + 4)
  if a[l] == 0 and limit > 0 and sum > s['by' .. l] then
    local before, at = s['at' .. l], now - (remaining - 1 - s['sum' .. l] + sum) * period / limit
    if s['rate' .. l] and at < before then at = before + (at - before) / 8 end
    s['at' .. l], s['rate' .. l], s['lag' .. l], s['by' .. l] = at, limit / period, period, sum
  end
end
if s.ceiling > 0 and s.ceiling < 0.02 and now - s.since > 3 * s.span then
  s.open, s.ceiling = rate(), 0
end
if a[4] > 0 and s.ceiling == 0 then
  s.open = math.min(100, s.open * (s.open < 0.1 and 2 or 1.007 ^ a[4]))
end
local r, given = rate(), nil
local perMs = a[2] > 0 and a[2] or s.rate2 or math.huge
local lag1, lag2 = a[1] == 0 and s.lag1 or 25, a[2] == 0 and s.lag2 or 25
for i = 13, #a do
  local slot, at2, ms = math.max(now - lag1, s.at1, s.cool), math.max(now - lag2, s.at2), a[i] / perMs
  local wait = math.max(0, slot - now, at2 - now + (a[2] == 0 and math.min(ms, lag2) or 0))
  if not given then
    given = { r, s.sum1 + 1, s.sum2, wait }
    if wait > a[3] then given[2] = 0 return save(given) end
  elseif wait > given[4] + 50 then break
  else given[#given + 1] = wait end
  s.at1, s.at2, s.sum1, s.sum2 = slot + 1 / r, at2 + ms, s.sum1 + 1, s.sum2 + a[i]
end
return save(given or { r, 0, 0, 0 })
`

/**
 * A request was rate-limited: all wait as long as the service asks. The rate is lowered once for all that were in flight
 * together, unless a stated limit explains the 429. What is kept is 0.6 soon after the last time, when it may be far too
 * high, and 0.92 later; no less than one request in two seconds. Arguments: the slot, the wait, and 1 where it is explained.
 */
export const RATE_LIMITED = `${STATE}
local wait = a[4]
s.cool = math.max(s.cool, now + wait)
if a[3] > s.cut then
  local tried = rate()
  s.cut = s.sum1
  if a[5] == 1 then s.at1 = math.max(s.at1, now + 1 / tried)
  else
    local soon = s.since == 0 or now - s.since < s.span / 2
    local pause = math.max(wait, 4 / tried, soon and 50 or 0)
    s.at1 = math.max(s.at1, now + pause)
    s.ceiling, s.kept = tried, math.max(0.0005, (soon and 0.6 or 0.92) * tried)
    s.since, s.span = now + pause, math.max(2000, 40 * wait)
  end
end
return save({})
`
