/**
 * State that the processes share, in one key a model; a number that is not set is 0. There are two lanes, 1 for requests and
 * 2 for tokens. Of each, `at` is when its bucket was empty, which is at most `lag` ago: a bucket as large as what comes in
 * meanwhile. `sum` counts what was sent, `rate` is the rate that responses state, and `by` is above the sum of the latest
 * that did. `cool` is when the service may be called again. Learned are `ceiling`, a rate that was rate-limited (0 while
 * there is none), and `kept`, the part of it that was kept. From `since` on, for `span`, the rate comes near to it again
 * (CUBIC, RFC 9438, 4.2). `open` is the rate while there is no ceiling. Redis's clock counts, `t`, in milliseconds, so those of
 * the machines need not agree. The first two arguments are the rates told, or 0.
 */
const script = (step: string): string => `
local t = redis.call('TIME')
t = t[1]*1000 + t[2]/1000
local _, s = pcall(cmsgpack.unpack, redis.pcall('GET', KEYS[1]))
if type(s) ~= 'table' or not s.by then
  s = { at = { 0, 0 }, lag = { 25, 25 }, sum = { 0, 0 }, rate = { 0, 0 }, by = { 0, 0 }, open = 0.1 }
end
setmetatable(s, { __index = function() return 0 end })
local a = cjson.decode(ARGV[1])
local function rate(l)
  local r = a[l] > 0 and a[l] or s.rate[l]
  if r > 0 then return r end
  if l == 2 then return 1/0 end
  if s.ceiling == 0 then return s.open end
  local x = math.max(-1, (t - s.since)/s.span - 1)
  return s.ceiling + (x < 0 and s.ceiling - s.kept or 0.05*s.ceiling)*x^3
end
local r = { 0 }
${step}
redis.call('SET', KEYS[1], cmsgpack.pack(s), 'EX', 3600)
return cjson.encode(r)
`

/**
 * Gives slots, a short time ahead, so that the processes take turns and one that dies costs nobody more than those.
 * A slot missed by up to 25 ms is made up for. A limit of 1e9 is a way to say that there is none: 1e10 was seen. Its period
 * is a minute where that fits the reset, which comes in whole seconds, rounded up. Of a stated limit, all tokens of a request
 * have to remain. Arguments: how far ahead slots are given, how many were admitted since, the limits stated, and the tokens
 * of each request. A limit has the sum of its lane at the request whose response states it. Result: the rate, the number of
 * the first slot, the sum of tokens before it, what is left of the service's wait, and the wait for each slot. A first slot
 * that is further ahead is not given.
 */
export const ACQUIRE = script(`
for l, w in ipairs(a[5]) do
  local limit, remaining, reset = w.limit or 0, w.remaining or 1e9, w.resetMs or 0
  if a[l] == 0 and limit > 0 and math.max(limit, remaining) < 1e9 and w.sum >= s.by[l] then
    local used, ms = limit - remaining, 60000
    if used >= 1 and math.abs(reset - used*ms/limit) > 1000 + ms/limit then
      ms = math.max(1, reset*limit/used)
    end
    local before, at = s.at[l], t - (remaining - s.sum[l] + w.sum)*ms/limit
    s.at[l] = s.rate[l] > 0 and math.max(at, before + (at - before)/8) or at
    s.lag[l], s.rate[l], s.by[l] = ms, limit/ms, w.sum + 1
  end
end
if t - s.since > 3*s.span then s.open, s.ceiling = rate(1), 0 end
if a[4] > 0 then s.open = math.min(100, s.open*(s.open < 0.1 and 2 or 1.007^a[4])) end
local from, most = math.max(t, s.cool), a[3]
r = { rate(1), s.sum[1] + 1, s.sum[2], s.cool - t }
for i, tokens in ipairs(a[6]) do
  local wait, at, sum = from - t, {}, { s.sum[1] + 1, s.sum[2] + tokens }
  for l = 1, 2 do
    local ms = (sum[l] - s.sum[l])/rate(l)
    at[l] = math.max(from - s.lag[l], s.at[l]) + ms
    wait = math.max(wait, at[l] - math.max(0, ms - s.lag[l]) - t)
  end
  if i == 1 or wait <= most then r[#r + 1] = wait end
  if wait > most then break end
  most = r[5] + 50
  s.at, s.sum = at, sum
end
`)

/**
 * A request was rate-limited: all wait as long as the service asks. The rate is lowered once for all that were in flight
 * together. From one time to the next the service's bucket goes from empty to empty, so what was admitted in between
 * measures its rate, of which 0.97 is kept. Of a rate that was not measured 0.6 is kept; no less than one request in two
 * seconds. Arguments: the slot, or 0 where the response says nothing of the rate, and the wait.
 */
export const RATE_LIMITED = script(`
s.cool, s.refused = math.max(s.cool, t + a[4]), s.refused + 1
if a[3] > s.cut then
  local tried = rate(1)
  local sent = s.sum[1] - s.refused - math.max(0, s.at[1] - t)*tried
  local found, kept, n = tried, 0.6, sent - s.sent
  if s.since > 0 and n > 9 then found, kept = math.min(tried, n/math.max(1, t - s.since)), 0.97 end
  s.ceiling, s.kept = math.min(tried, 1.1*found), math.max(0.0005, kept*found)
  s.sent, s.cut, s.since, s.span = sent, s.sum[1], t + math.max(a[4], 4/tried), math.max(1500, 40*a[4])
  s.at[1] = math.max(s.at[1], s.since)
end
`)
