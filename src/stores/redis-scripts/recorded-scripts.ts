/** Where the scripts keep what was recorded, in the order of their `KEYS`. */
export type RecordedKeys = readonly [
  order: string,
  inputs: string,
  states: string,
  index: string,
  last: string,
  bytes: string,
];

/** The scripts of recorded inputs as commands. */
export interface RedisRecordedCommands {
  /** See {@link REDIS_RECORD}. */
  recordInputs(
    ...keysAndArguments: [
      ...keys: RecordedKeys,
      keep: number,
      most: number,
      inputs: number,
      ...fours: (string | Buffer)[],
    ]
  ): Promise<number>;
  /** See {@link REDIS_FORGET_RECORDED}. */
  forgetRecorded(...keysAndArguments: [...keys: RecordedKeys, most: number, first: string]): Promise<number>;
  /** See {@link REDIS_ROOM_FOR_RECORDED}. */
  roomForRecorded(
    ...keysAndArguments: [...keys: RecordedKeys, most: number, keepBytes: number, bytes: number]
  ): Promise<number>;
  /** See {@link REDIS_ERASE_RECORDED}. */
  eraseRecorded(...keysAndArguments: [...keys: RecordedKeys, most: number, ...ids: string[]]): Promise<number>;
}

/**
 * `order` has the ids of the inputs, which sort by time as texts; `inputs` has under an id the key of its state, the id
 * of the visitor and the input, a line each; `states` has under a key the id it is kept under, a line, and the
 * document;
 * `index` has, for a visitor's id, `v` with it and the id of an input; for the key of a state, `s` with it and the id
 * of an input that needs it; for an id that states are kept under, `p` with it and the key of the state. Ids of
 * visitors and keys are JSON texts, which no other begins with. `last` is the number of the last input; `bytes` how
 * many are in `inputs` and `states`.
 */
const SHARED = `
local order, inputs, states, index, last, bytes = unpack(KEYS)
local function weigh(by)
  if redis.call('INCRBY', bytes, by) < 0 then redis.call('SET', bytes, 0) end
end
local function beginningWith(prefix, stop, most)
  return redis.call('ZRANGEBYLEX', index, '[' .. prefix, '(' .. prefix .. stop, 'LIMIT', 0, most)
end
local function isNeeded(state)
  return #beginningWith('s' .. state, ':', 1) > 0
end
local function dropUnneeded(state)
  local value = redis.call('HGET', states, state)
  if not value or isNeeded(state) then return end
  redis.call('ZREM', index, 'p' .. string.match(value, '^(.-)\\n') .. state)
  redis.call('HDEL', states, state)
  weigh(-#value)
end
local function remove(ids)
  local removed = 0
  for _, id in ipairs(ids) do
    local value = redis.call('HGET', inputs, id)
    if value then
      local state, visitor = string.match(value, '^(.-)\\n(.-)\\n')
      redis.call('HDEL', inputs, id)
      weigh(-#value)
      redis.call('ZREM', index, 'v' .. visitor .. id)
      if state ~= '' then
        redis.call('ZREM', index, 's' .. state .. id)
        dropUnneeded(state)
      end
    end
    removed = removed + redis.call('ZREM', order, id)
  end
  return removed
end`;

/**
 * `ARGV`: how many inputs stay, the last; how many may go at once; how many inputs follow; for each its time as a text
 * that sorts, the id of the visitor, the key of the state or nothing, the input; then for each state its key, the id it
 * is kept under, the document. A state that no input needs is not kept.
 */
const REDIS_RECORD = {
  numberOfKeys: 6,
  lua: `${SHARED}
local at = 4
for _ = 1, tonumber(ARGV[3]) do
  local id = string.format('%s-%016.0f', ARGV[at], redis.call('INCR', last))
  local visitor, state, input = ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  redis.call('ZADD', order, 0, id)
  local value = state .. '\\n' .. visitor .. '\\n' .. input
  redis.call('HSET', inputs, id, value)
  weigh(#value)
  redis.call('ZADD', index, 0, 'v' .. visitor .. id)
  if state ~= '' then redis.call('ZADD', index, 0, 's' .. state .. id) end
  at = at + 4
end
for at = at, #ARGV, 3 do
  local state, person, document = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  if redis.call('HEXISTS', states, state) == 0 and isNeeded(state) then
    redis.call('HSET', states, state, person .. '\\n' .. document)
    weigh(#person + 1 + #document)
    redis.call('ZADD', index, 0, 'p' .. person .. state)
  end
end
local over = math.min(redis.call('ZCARD', order) - tonumber(ARGV[1]), tonumber(ARGV[2]))
if over > 0 then remove(redis.call('ZRANGE', order, 0, over - 1)) end
return tonumber(ARGV[3])`,
};

/** `ARGV`: how many may go at once; the first id that stays. How many went. */
const REDIS_FORGET_RECORDED = {
  numberOfKeys: 6,
  lua: `${SHARED}
return remove(redis.call('ZRANGEBYLEX', order, '-', '(' .. ARGV[2], 'LIMIT', 0, ARGV[1]))`,
};

/** `ARGV`: how many may go at once; how many bytes there may be; how many are to come. How many inputs went. */
const REDIS_ROOM_FOR_RECORDED = {
  numberOfKeys: 6,
  lua: `${SHARED}
if tonumber(redis.call('GET', bytes) or 0) + tonumber(ARGV[3]) <= tonumber(ARGV[2]) then return 0 end
return remove(redis.call('ZRANGE', order, 0, ARGV[1] - 1))`,
};

/** `ARGV`: how many may go at once; the ids of a visitor. How many inputs went; 0 when none are left. */
const REDIS_ERASE_RECORDED = {
  numberOfKeys: 6,
  lua: `${SHARED}
local most, removed = tonumber(ARGV[1]), 0
local function removeFrom(prefix)
  local ids = {}
  for at, member in ipairs(beginningWith(prefix, ':', most - removed)) do ids[at] = string.sub(member, #prefix + 1) end
  removed = removed + remove(ids)
end
for at = 2, #ARGV do
  local person = 'p' .. ARGV[at]
  for _, member in ipairs(beginningWith(person, '#', most)) do
    if removed < most then removeFrom('s' .. string.sub(member, #person + 1)) end
  end
  if removed < most then removeFrom('v' .. ARGV[at]) end
end
return removed`,
};

/** By the names of {@link RedisRecordedCommands}. */
export const REDIS_RECORDED_SCRIPTS = {
  recordInputs: REDIS_RECORD,
  forgetRecorded: REDIS_FORGET_RECORDED,
  roomForRecorded: REDIS_ROOM_FOR_RECORDED,
  eraseRecorded: REDIS_ERASE_RECORDED,
};
