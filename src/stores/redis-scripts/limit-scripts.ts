import { REF_KEPT_DAYS } from '../limit-store.js';

/** The scripts of limits as commands. Each counter has four keys, in this order: see {@link counterKeys}. */
export interface RedisLimitCommands {
  /** See {@link REDIS_GRANT_LIMIT}. */
  grantLimit(numberOfKeys: number, ...keysAndArguments: (string | number | Buffer)[]): Promise<GrantReply>;
  /** See {@link REDIS_CONFIRM_LIMIT}. */
  confirmLimit(numberOfKeys: number, ...keysAndArguments: (string | number | Buffer)[]): Promise<number>;
  /** See {@link REDIS_RELEASE_LIMIT}. */
  releaseLimit(numberOfKeys: number, ...keysAndArguments: (string | number | Buffer)[]): Promise<number>;
  /** See {@link REDIS_LOOK_AT_LIMIT}. */
  lookAtLimit(numberOfKeys: number, ...keysAndArguments: string[]): Promise<CounterReply[]>;
  /** See {@link REDIS_TELL_STOCK}. */
  tellStock(numberOfKeys: number, ...keysAndArguments: (string | number)[]): Promise<number>;
}

/** 1: granted, 2: known already, 0: not granted, with the number of the counter, from 1 on, and when one comes back. */
export type GrantReply = readonly [outcome: number, counter: number, freesAt: number];

/** Of a counter; -1 where there is none. */
export type CounterReply = readonly [confirmed: number, held: number, ever: number, stock: number, firstEnd: number];

/**
 * The keys of a counter, in the hash slot of its offer: sorted sets of the places that are held and of those confirmed
 * until an instant, by when they end; of those that count for ever, by when they were confirmed; and a hash with
 * `ever`, how many count for ever, `stock`, how many were told, and `told`, when.
 */
export function counterKeys(offer: string, key: string): string[] {
  const slot = offer.replace(/[%}]/g, (char) => (char === '}' ? '%7D' : '%25'));
  return ['held', 'ending', 'ever', 'sums'].map((part) => `usher:{limits:${slot}}:${key}:${part}`);
}

/**
 * What the scripts share. Places that are over go at most 100 at once and are not counted meanwhile; each key ends when
 * nothing in it counts any more.
 */
const SHARED = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function keysOf(at) return KEYS[4 * at - 3], KEYS[4 * at - 2], KEYS[4 * at - 1], KEYS[4 * at] end

local function counting(key)
  local over = redis.call('ZCOUNT', key, '-inf', now)
  return redis.call('ZCARD', key) - over, over
end

local function drop(key, over)
  if over > 0 then redis.call('ZREMRANGEBYRANK', key, 0, math.min(over, 100) - 1) end
end

local function lasts(key, more)
  local last = redis.call('ZRANGE', key, -1, -1, 'WITHSCORES')[2]
  if last then redis.call('PEXPIREAT', key, string.format('%.0f', last + more)) end
end

local function counts(key, ref)
  local till = redis.call('ZSCORE', key, ref)
  return till and tonumber(till) > now
end

local function firstEnd(held, ending)
  local first = -1
  for _, key in ipairs({ held, ending }) do
    local score = redis.call('ZRANGEBYSCORE', key, '(' .. now, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2]
    if score and (first < 0 or tonumber(score) < first) then first = tonumber(score) end
  end
  return first
end
`;

const CONFIRM = `
local function confirm(at, ref, till)
  local held, ending, ever, sums = keysOf(at)
  redis.call('ZREM', held, ref)
  if counts(ending, ref) or redis.call('ZSCORE', ever, ref) then return end
  if till ~= 'inf' then
    if tonumber(till) <= now then return end
    redis.call('ZADD', ending, till, ref)
    return lasts(ending, 0)
  end
  local kept = ${REF_KEPT_DAYS * 86_400_000}
  local forgotten = redis.call('ZCOUNT', ever, '-inf', now - kept)
  drop(ever, forgotten)
  local told = tonumber(redis.call('HGET', sums, 'told') or '0')
  redis.call('ZADD', ever, math.max(now, told + 1), ref)
  redis.call('HINCRBY', sums, 'ever', 1)
  lasts(ever, kept)
end
`;

/**
 * Takes a place in every counter, or in none. `KEYS`: of each counter; `ARGV`: the name of the place; then of each
 * counter its limit or `stock`, and `+` with the milliseconds of a hold, or until when it is confirmed: an instant or
 * `inf`. Gives a {@link GrantReply}.
 */
const REDIS_GRANT_LIMIT = {
  lua: `${SHARED}${CONFIRM}
local ref = ARGV[1]
local isKnown, allKnown = {}, true
for at = 1, #KEYS / 4 do
  local held, ending, ever, sums = keysOf(at)
  isKnown[at] = counts(held, ref) or counts(ending, ref) or redis.call('ZSCORE', ever, ref)
  if not isKnown[at] then
    allKnown = false
    local heldNow, heldOver = counting(held)
    local endingNow, endingOver = counting(ending)
    local sum = redis.call('HMGET', sums, 'ever', 'stock')
    local forGood = tonumber(sum[1] or '0')
    local limit = ARGV[2 * at] == 'stock' and tonumber(sum[2] or '0') or tonumber(ARGV[2 * at])
    drop(held, heldOver)
    drop(ending, endingOver)
    if heldNow + endingNow + forGood >= limit then
      return { 0, at, forGood >= limit and -1 or firstEnd(held, ending) }
    end
  end
end
for at = 1, #KEYS / 4 do
  local held, ending, ever = keysOf(at)
  local hold = ARGV[2 * at + 1]
  if string.sub(hold, 1, 1) ~= '+' then
    confirm(at, ref, hold)
  elseif not (isKnown[at] and (counts(ending, ref) or redis.call('ZSCORE', ever, ref))) then
    redis.call('ZADD', held, 'GT', now + tonumber(hold), ref)
    lasts(held, 0)
  end
end
return { allKnown and 2 or 1, 0, -1 }`,
};

/** Confirms a place. `KEYS`: of each counter; `ARGV`: the name of the place; then until when: an instant or `inf`. */
const REDIS_CONFIRM_LIMIT = {
  lua: `${SHARED}${CONFIRM}
for at = 1, #KEYS / 4 do confirm(at, ARGV[1], ARGV[at + 1]) end
return #KEYS / 4`,
};

/** Gives a place back. `KEYS`: of each counter; `ARGV`: the name of the place, `held` or `all`. */
const REDIS_RELEASE_LIMIT = {
  lua: `${SHARED}
for at = 1, #KEYS / 4 do
  local held, ending, ever, sums = keysOf(at)
  redis.call('ZREM', held, ARGV[1])
  if ARGV[2] == 'all' then
    redis.call('ZREM', ending, ARGV[1])
    local since = redis.call('ZSCORE', ever, ARGV[1])
    if since then
      redis.call('ZREM', ever, ARGV[1])
      local told = tonumber(redis.call('HGET', sums, 'told') or '0')
      if tonumber(since) > told then redis.call('HINCRBY', sums, 'ever', -1) end
    end
  end
end
return #KEYS / 4`,
};

/** How it stands with counters. `KEYS`: of each counter. Gives a {@link CounterReply} of each. */
const REDIS_LOOK_AT_LIMIT = {
  lua: `${SHARED}
local all = {}
for at = 1, #KEYS / 4 do
  local held, ending, _, sums = keysOf(at)
  local heldNow, endingNow = counting(held), counting(ending)
  local sum = redis.call('HMGET', sums, 'ever', 'stock')
  local ever = tonumber(sum[1] or '0')
  all[at] = { endingNow + ever, heldNow, ever, tonumber(sum[2] or '-1'), firstEnd(held, ending) }
end
return all`,
};

/**
 * Tells how many are left. `KEYS`: of the counter; `ARGV[1]`: how many. What is confirmed at the instant of telling, or
 * before it, counts no longer.
 */
const REDIS_TELL_STOCK = {
  lua: `${SHARED}
local _, _, ever, sums = keysOf(1)
local newest = redis.call('ZRANGE', ever, -1, -1, 'WITHSCORES')[2]
local told = string.format('%.0f', math.max(now, tonumber(newest or '0')))
redis.call('HSET', sums, 'stock', ARGV[1], 'told', told, 'ever', 0)
return 1`,
};

/** By the names of {@link RedisLimitCommands}. */
export const REDIS_LIMIT_SCRIPTS = {
  grantLimit: REDIS_GRANT_LIMIT,
  confirmLimit: REDIS_CONFIRM_LIMIT,
  releaseLimit: REDIS_RELEASE_LIMIT,
  lookAtLimit: REDIS_LOOK_AT_LIMIT,
  tellStock: REDIS_TELL_STOCK,
};
