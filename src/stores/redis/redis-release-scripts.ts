/** The scripts of releases as commands. */
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

/** By the names of {@link RedisReleaseCommands}. */
export const REDIS_RELEASE_SCRIPTS = {
  addRelease: REDIS_ADD_RELEASE,
  changeRollout: REDIS_CHANGE_ROLLOUT,
  addCounts: REDIS_ADD_COUNTS,
};
