-- Takes back one request that should not count. KEYS[1]: who; ARGV[1]: microseconds in which one comes back.
local whole = tonumber(redis.call('GET', KEYS[1]) or 0)
if whole > 0 then
  redis.call('SET', KEYS[1], string.format('%.0f', whole - ARGV[1]), 'KEEPTTL')
end
return 0
