/**
 * What is done with the log of decisions inside Redis. Each script is one step, and Redis does nothing else meanwhile:
 * callers keep them small.
 */

/** The list of earlier versions, the log, and its index, see {@link SHARED}; all in one hash slot. */
export type DecisionKeys = readonly [list: string, entries: string, index: string];

/** As they are put on a client of Redis, by their names there. */
export interface RedisDecisionCommands {
  /** See {@link REDIS_LOG}. */
  logDecisions(
    ...keysAndArguments: [...keys: DecisionKeys, keep: number, most: number, ...idsAndTexts: string[]]
  ): Promise<number>;
  /** See {@link REDIS_FORGET_LOGGED}. */
  forgetLogged(...keysAndArguments: [...keys: DecisionKeys, most: number, instant: number]): Promise<number>;
  /** See {@link REDIS_ERASE_LOGGED}. */
  eraseLogged(
    ...keysAndArguments: [...keys: DecisionKeys, most: number, ...ids: string[]]
  ): Promise<[taken: number, erased: number]>;
  /** See {@link REDIS_SEARCH_LIST}. */
  searchList(
    list: string,
    passed: number,
    most: number,
    what: 'find' | 'erase',
    ...ids: string[]
  ): Promise<[number, string[]]>;
}

/**
 * `list` is what earlier versions logged, oldest first, an empty text for what was erased: nothing is added to it any
 * more, and it goes as the log turns over. `entries` is a hash: under the number of a decision as 16 digits the
 * decision, and under `from` and `to` the numbers that it begins and ends with; what was erased is missing between
 * them. `index` has, for each decision, the id of its visitor with the number. Ids are JSON texts, which no other
 * begins with.
 */
const SHARED = `
local list, entries, index = unpack(KEYS)
local function name(number) return string.format('%016.0f', number) end
local function numberOf(field, otherwise) return tonumber(redis.call('HGET', entries, field) or otherwise) end
local function visitorOf(text) return string.match(text, '"visitorId":(.-),"decidedAt":') or '' end
local function remove(from, stop, isGone)
  local names = {}
  for number = from, stop - 1 do names[#names + 1] = name(number) end
  if #names == 0 then return from end
  local texts, fields, members = redis.call('HMGET', entries, unpack(names)), {}, {}
  local passed = 0
  for at, text in ipairs(texts) do
    if text and not isGone(text) then break end
    passed = at
    if text then
      fields[#fields + 1] = names[at]
      members[#members + 1] = visitorOf(text) .. names[at]
    end
  end
  if #fields > 0 then
    redis.call('HDEL', entries, unpack(fields))
    redis.call('ZREM', index, unpack(members))
  end
  return from + passed
end`;

/**
 * Adds to the log. `ARGV`: how many stay, the last; how many may go at once; then for each decision the id of the
 * visitor and the decision.
 */
const REDIS_LOG = {
  numberOfKeys: 3,
  lua: `${SHARED}
local first, last = numberOf('from', 1), numberOf('to', 0)
local fields, members = {}, {}
for at = 3, #ARGV, 2 do
  last = last + 1
  fields[#fields + 1], fields[#fields + 2] = name(last), ARGV[at + 1]
  members[#members + 1], members[#members + 2] = 0, ARGV[at] .. name(last)
end
redis.call('HSET', entries, unpack(fields))
redis.call('ZADD', index, unpack(members))
local old = redis.call('LLEN', list)
local over = math.min(old + last - first + 1 - ARGV[1], tonumber(ARGV[2]))
local ofList = math.max(0, math.min(over, old))
if ofList > 0 then redis.call('LTRIM', list, ofList, -1) end
first = remove(first, first + over - ofList, function() return true end)
return redis.call('HSET', entries, 'from', name(first), 'to', name(last))`,
};

/** `ARGV`: how many of each part are looked at; an instant in milliseconds. How many went that are older, or erased. */
const REDIS_FORGET_LOGGED = {
  numberOfKeys: 3,
  lua: `${SHARED}
local function isOld(text)
  local at = string.match(text, '"decidedAt":(%d+)')
  return at and tonumber(at) < tonumber(ARGV[2])
end
local gone = 0
for _, text in ipairs(redis.call('LRANGE', list, 0, ARGV[1] - 1)) do
  if text ~= '' and not isOld(text) then break end
  gone = gone + 1
end
if gone > 0 then redis.call('LTRIM', list, gone, -1) end
local first, last = numberOf('from', 1), numberOf('to', 0)
local next = remove(first, math.min(first + ARGV[1], last + 1), isOld)
if next > first then redis.call('HSET', entries, 'from', name(next)) end
return gone + next - first`,
};

/**
 * `ARGV`: how many may go at once; the ids of a visitor. How many were taken from the index, 0 when none are left, and
 * how many decisions were erased: an index that leads to another's decision leaves that where it is.
 */
const REDIS_ERASE_LOGGED = {
  numberOfKeys: 3,
  lua: `${SHARED}
local most, taken, erased = tonumber(ARGV[1]), 0, 0
for at = 2, #ARGV do
  local id = ARGV[at]
  local members = redis.call('ZRANGEBYLEX', index, '[' .. id, '(' .. id .. ':', 'LIMIT', 0, most - taken)
  for _, member in ipairs(members) do
    local number = string.sub(member, #id + 1)
    local text = redis.call('HGET', entries, number)
    if text and visitorOf(text) == id then erased = erased + redis.call('HDEL', entries, number) end
    taken = taken + redis.call('ZREM', index, member)
  end
  if taken >= most then break end
end
return { taken, erased }`,
};

/**
 * The decisions of the list that are about any of some visitors. `KEYS[1]`; `ARGV[1]`: how many from the end are passed
 * over; `ARGV[2]`: how many before those are looked at; `ARGV[3]`: `find`, or `erase` to put an empty text in their
 * place; then the ids of the visitors as JSON. Gives how many there were to look at, and what was found. Each is looked
 * at once, however many ids there are: what stands between the two names is the id, as its quotes are escaped.
 */
const REDIS_SEARCH_LIST = {
  numberOfKeys: 1,
  lua: `
local stop = -1 - ARGV[1]
local texts = redis.call('LRANGE', KEYS[1], stop + 1 - ARGV[2], stop)
local found, wanted = {}, {}
for id = 4, #ARGV do wanted[ARGV[id]] = true end
for at, text in ipairs(texts) do
  local id = string.match(text, '"visitorId":(.-),"decidedAt":')
  if id and wanted[id] then
    found[#found + 1] = text
    if ARGV[3] == 'erase' then redis.call('LSET', KEYS[1], stop - #texts + at, '') end
  end
end
return { #texts, found }`,
};

/** By the names of {@link RedisDecisionCommands}. */
export const REDIS_DECISION_SCRIPTS = {
  logDecisions: REDIS_LOG,
  forgetLogged: REDIS_FORGET_LOGGED,
  eraseLogged: REDIS_ERASE_LOGGED,
  searchList: REDIS_SEARCH_LIST,
};
