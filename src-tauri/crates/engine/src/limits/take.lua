-- Counts one request, as governor does: what is kept of a key is when its quota is whole again, in microseconds of
-- Redis's own clock (the generic cell rate algorithm; see Brandur Leach, "Rate Limiting, Cells, and GCRA").
-- KEYS[1]: who; ARGV: microseconds in which one request comes back, requests at once.
-- Returns whether it was let through, what is left, microseconds to wait until there is something again.
local each, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local whole = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
local early = whole + each - each * burst - now
if early > 0 then
  return {0, 0, early}
end
redis.call('SET', KEYS[1], string.format('%.0f', whole + each), 'PX', math.ceil((whole + each - now) / 1000))
return {1, math.floor(-early / each), 0}
