/**
 * State that the processes share, in one hash a model. `at` is when the next request may be sent, and lies back as far as
 * a burst is allowed; `tokensAt` is the same for tokens; `coolUntil` is when the service may be called again; `sent` counts
 * slots; `stated` is the rate that responses state. Learned are `ceiling`, a rate that was rate-limited (0 while there is
 * none), and `kept`, the part of it that was kept. From `since` on, for `patience`, the rate comes near to it again (CUBIC,
 * RFC 9438, 4.2). `open` is the rate while there is no ceiling. Redis's clock counts, in milliseconds, so those of
 * the machines need not agree.
 */
const STATE = `
local t = redis.call('TIME')
local now = t[1] * 1000 + t[2] / 1000
local s = { at = 0, tokensAt = 0, coolUntil = 0, sent = 0, ceiling = 0, open = 0.1 }
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do s[all[i]] = tonumber(all[i + 1]) end
local a = {}
for i = 1, #ARGV do a[i] = tonumber(ARGV[i]) end
local told = a[1]
local function rate()
  if told > 0 then return told end
  if s.stated then return s.stated end
  if s.ceiling == 0 then return s.open end
  local beyond = (now - s.since) / s.patience - 1
  if beyond < 0 then return s.ceiling + (s.ceiling - s.kept) * math.max(beyond, -1) ^ 3 end
  return s.ceiling * (1 + 0.05 * beyond ^ 3)
end
local function save(result)
  for name, value in pairs(s) do redis.call('HSET', KEYS[1], name, value) end
  redis.call('PEXPIRE', KEYS[1], 3600000)
  return result
end
`

/**
 * Gives slots, for the next 50 ms at most, so that the processes take turns and one that dies costs nobody more than those.
 * A slot missed by up to 25 ms is made up for. Arguments: the rates told for requests and tokens, how far ahead slots are given,
 * how many were admitted since; the limit stated, what remains of it, its period, and the slot of the request that was
 * told; the tokens of each request. Result: the rate, the number of the first slot, or 0, and the wait for each, or until
 * one can be had.
 */
export const ACQUIRE = `${STATE}
local toldTokens, ahead, admitted, limit, remaining, period, number = unpack(a, 2, 8)
if limit > 0 and number > (s.statedBy or 0) then
  local at = now - (remaining - (s.sent - number)) * period / limit
  if s.stated and at < s.at then at = s.at + (at - s.at) / 8 end
  s.at, s.stated, s.lag, s.statedBy = at, limit / period, period, number
end
if s.ceiling > 0 and s.ceiling < 0.02 and now - s.since > 3 * s.patience then
  s.open, s.ceiling = rate(), 0
end
if admitted > 0 and s.ceiling == 0 then
  s.open = math.min(100, s.open * (s.open < 0.1 and 2 or 1.007 ^ admitted))
end
local r, given = rate(), nil
local lag = told == 0 and s.lag or 25
for i = 9, #a do
  local slot = math.max(now - lag, s.at, s.coolUntil, toldTokens > 0 and s.tokensAt or 0)
  local wait = math.max(0, slot - now)
  if not given then
    if wait > ahead then return { tostring(r), 0, tostring(wait) } end
    given = { tostring(r), s.sent + 1 }
  elseif wait > tonumber(given[3]) + 50 then break end
  given[#given + 1] = tostring(wait)
  s.at = slot + 1 / r
  if toldTokens > 0 then s.tokensAt = math.max(slot, s.tokensAt) + a[i] / toldTokens end
  s.sent = s.sent + 1
end
return save(given or { tostring(r), 0, '0' })
`

/**
 * A request was rate-limited: all wait as long as the service asks. The rate is lowered once for all that were in flight
 * together, unless a stated limit explains the 429. What is kept is 0.6 soon after the last time, when it may be far too
 * high, and 0.92 later; no less than one request in two seconds. Arguments: the rate told, the slot, the wait, and 1 where it is explained.
 */
export const RATE_LIMITED = `${STATE}
local number, wait = a[2], a[3]
s.coolUntil = math.max(s.coolUntil, now + wait)
if number > (s.cutAt or 0) then
  local tried = rate()
  s.cutAt = s.sent
  if a[4] == 1 then s.at = math.max(s.at, now + 1 / tried)
  else
    local soon = not s.since or now - s.since < s.patience / 2
    local pause = math.max(wait, 4 / tried, soon and 50 or 0)
    s.at = math.max(s.at, now + pause)
    s.ceiling, s.kept = tried, math.max(0.0005, (soon and 0.6 or 0.92) * tried)
    s.since, s.patience = now + pause, math.max(2000, 40 * wait)
  end
end
return save(1)
`
