/**
 * Replaces a value that begins with its version and a space.
 * `KEYS[1]`; `ARGV[1]`: the version to replace, empty for "no value yet"; `ARGV[2]`: the new value, absent to remove it.
 * 1: done, 0: not.
 * Compares a few bytes inside Redis: the old document, which may be large, is not copied.
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

/** Moves a value that begins with the version `ARGV[1]` from `KEYS[1]` to `KEYS[2]`. 1: done, 0: not. */
export const REDIS_SET_ASIDE = {
  numberOfKeys: 2,
  lua: `
if redis.call('GETRANGE', KEYS[1], 0, #ARGV[1]) ~= ARGV[1] .. ' ' then return 0 end
redis.call('RENAME', KEYS[1], KEYS[2])
return 1`,
};

/**
 * Appends to a stream, one entry for each text. `KEYS[1]`; `ARGV[1]`: about how many entries stay; then the texts.
 * One command for many decisions: what a client does for a command costs more than what Redis does for an entry.
 */
export const REDIS_APPEND_ALL = {
  numberOfKeys: 1,
  lua: `
for at = 2, #ARGV do
  redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'body', ARGV[at])
end
return #ARGV - 1`,
};
