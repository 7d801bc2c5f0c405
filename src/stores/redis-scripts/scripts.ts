/**
 * Replaces a value that begins with its version and a space.
 * `KEYS[1]`; `ARGV[1]`: the version to replace, empty for "no value yet"; `ARGV[2]`: the new value, absent to remove
 * it. 1: done, 0: not. Compares a few bytes inside Redis: the old document, which may be large, is not copied.
 */
export const REDIS_COMPARE_AND_SET = {
  numberOfKeys: 1,
  lua: `
if ARGV[1] == '' then
  if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
elseif redis.call('GETRANGE', KEYS[1], 0, #ARGV[1]) ~= ARGV[1] .. ' ' then
  return 0
end
if ARGV[2] then redis.call('SET', KEYS[1], ARGV[2]) else redis.call('DEL', KEYS[1]) end
return 1`,
};

/**
 * Appends to values that begin with their version and a space. `KEYS`; for each, three of `ARGV`: the version it has,
 * the one it is to have, what goes behind it. For each 1: done, 0: not. In a Cluster for one key only. A value is set
 * anew inside Redis: one that grows by APPEND is given twice the memory it needs.
 */
export const REDIS_COMPARE_AND_APPEND = {
  lua: `
local done = {}
for at = 1, #KEYS do
  local from, to, more = ARGV[3 * at - 2], ARGV[3 * at - 1], ARGV[3 * at]
  local value = redis.call('GET', KEYS[at])
  local isDue = value and string.sub(value, 1, #from + 1) == from .. ' '
  if isDue then redis.call('SET', KEYS[at], to .. string.sub(value, #from + 1) .. more) end
  done[at] = isDue and 1 or 0
end
return done`,
};

/** Moves a value that begins with the version `ARGV[1]` from `KEYS[1]` to `KEYS[2]`. 1: done, 0: not. */
export const REDIS_SET_ASIDE = {
  numberOfKeys: 2,
  lua: `
if redis.call('GETRANGE', KEYS[1], 0, #ARGV[1]) ~= ARGV[1] .. ' ' then return 0 end
redis.call('RENAME', KEYS[1], KEYS[2])
return 1`,
};

/**
 * Keeps values by id, the ids in the order of their texts. `KEYS[1]`: the ids, `KEYS[2]`: the values; `ARGV[1]`: how
 * many stay, the last; `ARGV[2]`: the first id that may stay; then id and value of each.
 */
export const REDIS_KEEP_REJECTED = {
  numberOfKeys: 2,
  lua: `
for at = 3, #ARGV, 2 do
  redis.call('ZADD', KEYS[1], 0, ARGV[at])
  redis.call('HSET', KEYS[2], ARGV[at], ARGV[at + 1])
end
local function forget(ids)
  for _, id in ipairs(ids) do
    redis.call('ZREM', KEYS[1], id)
    redis.call('HDEL', KEYS[2], id)
  end
end
local over = redis.call('ZCARD', KEYS[1]) - tonumber(ARGV[1])
if over > 0 then forget(redis.call('ZRANGE', KEYS[1], 0, over - 1)) end
if ARGV[2] ~= '' then forget(redis.call('ZRANGEBYLEX', KEYS[1], '-', '(' .. ARGV[2])) end
return (#ARGV - 2) / 2`,
};

/** Forgets what {@link REDIS_KEEP_REJECTED} keeps under the ids in `ARGV`; how many were there. */
export const REDIS_DROP_REJECTED = {
  numberOfKeys: 2,
  lua: `
local dropped = 0
for _, id in ipairs(ARGV) do
  dropped = dropped + redis.call('ZREM', KEYS[1], id)
  redis.call('HDEL', KEYS[2], id)
end
return dropped`,
};
