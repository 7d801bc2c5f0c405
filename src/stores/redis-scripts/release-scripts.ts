/** The scripts of releases and drafts as commands. */
export interface RedisReleaseCommands {
  /** See {@link REDIS_ADD_RELEASE}. */
  addRelease(
    ...keysAndArguments: [
      ...keys: [string, string, string, string],
      version: number,
      summary: string,
      event: string,
      channel: string,
      ...names: string[],
    ]
  ): Promise<number>;
  /** See {@link REDIS_CHANGE_ROLLOUT}. */
  changeRollout(
    ...keysAndArguments: [...keys: [string, string], revision: number, rollout: string, event: string, channel: string]
  ): Promise<number>;
  /** See {@link REDIS_ADD_COUNTS}. */
  addCounts(key: string, ...pairs: (string | number)[]): Promise<number>;
  /** See {@link REDIS_PUT_DRAFT}. */
  putDraft(
    ...keysAndArguments: [
      ...keys: [string, string, string],
      from: number,
      id: string,
      revision: string,
      keep: number,
      changedAt: number,
      head: string,
      files: string,
    ]
  ): Promise<number>;
  /** See {@link REDIS_DROP_DRAFT}. */
  dropDraft(
    ...keysAndArguments: [...keys: [string, string, string], from: number, id: string, revision: number]
  ): Promise<number>;
}

/**
 * Adds a release whose pieces are there already. `KEYS`: the list of summaries, the hash of the names of pieces, the
 * hash of pieces, the log; `ARGV`: the version, its summary, the line of the log, the channel, the names of its pieces.
 * 1: done, 0: it is not the next version, -1: a piece is missing.
 */
const REDIS_ADD_RELEASE = {
  numberOfKeys: 4,
  lua: `
if redis.call('LLEN', KEYS[1]) ~= tonumber(ARGV[1]) - 1 then return 0 end
for at = 5, #ARGV do
  if redis.call('HEXISTS', KEYS[3], ARGV[at]) == 0 then return -1 end
end
redis.call('HSET', KEYS[2], ARGV[1], table.concat(ARGV, ' ', 5))
redis.call('RPUSH', KEYS[1], ARGV[2])
redis.call('RPUSH', KEYS[4], ARGV[3])
redis.call('PUBLISH', ARGV[4], 'release')
return 1`,
};

/**
 * Replaces the rollout by the next. `KEYS`: the rollout, the log; `ARGV`: its revision, the rollout, the line of the
 * log, the channel. 1: done, 0: it is not the next revision.
 */
const REDIS_CHANGE_ROLLOUT = {
  numberOfKeys: 2,
  lua: `
if tonumber(redis.call('HGET', KEYS[1], 'revision') or '0') ~= tonumber(ARGV[1]) - 1 then return 0 end
redis.call('HSET', KEYS[1], 'revision', ARGV[1], 'rollout', ARGV[2])
redis.call('RPUSH', KEYS[2], ARGV[3])
redis.call('PUBLISH', ARGV[4], 'rollout')
return 1`,
};

/** Adds to the counts of a hash. `ARGV`: name and whole number of each. */
const REDIS_ADD_COUNTS = {
  numberOfKeys: 1,
  lua: `
for at = 1, #ARGV, 2 do redis.call('HINCRBY', KEYS[1], ARGV[at], ARGV[at + 1]) end
return #ARGV / 2`,
};

/** Forgets drafts that were last changed before `ARGV[1]`. */
const FORGET_DRAFTS = `
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', '(' .. ARGV[1])) do
  redis.call('HDEL', KEYS[1], id)
  redis.call('HDEL', KEYS[2], id)
  redis.call('ZREM', KEYS[3], id)
end
local head = redis.call('HGET', KEYS[1], ARGV[2])
local isAt = head and string.sub(head, 1, #ARGV[3] + 1) == ARGV[3] .. ' '`;

/**
 * Puts a draft. `KEYS`: the heads, the files, the order; `ARGV`: from when on drafts are kept, the id, the revision it
 * is at (empty for none yet), how many may be there, when it was changed, its head, its files. 1: done, 0: not.
 */
const REDIS_PUT_DRAFT = {
  numberOfKeys: 3,
  lua: `${FORGET_DRAFTS}
if ARGV[3] == '' then
  if head or redis.call('ZCARD', KEYS[3]) >= tonumber(ARGV[4]) then return 0 end
elseif not isAt then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[2], ARGV[6])
redis.call('HSET', KEYS[2], ARGV[2], ARGV[7])
redis.call('ZADD', KEYS[3], ARGV[5], ARGV[2])
return 1`,
};

/** Removes the draft of an id that is at a revision. `KEYS` and the first of `ARGV` as before. 1: done, 0: not. */
const REDIS_DROP_DRAFT = {
  numberOfKeys: 3,
  lua: `${FORGET_DRAFTS}
if not isAt then return 0 end
redis.call('HDEL', KEYS[1], ARGV[2])
redis.call('HDEL', KEYS[2], ARGV[2])
redis.call('ZREM', KEYS[3], ARGV[2])
return 1`,
};

/** By the names of {@link RedisReleaseCommands}. */
export const REDIS_RELEASE_SCRIPTS = {
  addRelease: REDIS_ADD_RELEASE,
  changeRollout: REDIS_CHANGE_ROLLOUT,
  addCounts: REDIS_ADD_COUNTS,
  putDraft: REDIS_PUT_DRAFT,
  dropDraft: REDIS_DROP_DRAFT,
};
