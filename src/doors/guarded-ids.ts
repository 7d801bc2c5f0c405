import type { Json } from '../engine/language/json.js';

/**
 * Ids that clients send by mistake: `undefined`, `null`, `[object Object]`, `anonymous`, all zeros, a mark of a
 * template that nobody filled in. Whoever is called so is nobody in particular: remembered under such an id, strangers
 * would become one person for good.
 */
export class GuardedIds {
  private readonly guarded: ReadonlySet<string>;
  private readonly allowed: ReadonlySet<string>;

  /** `added` are guarded too; `allowed` are let through, whatever else is said. Capitals don't matter in either. */
  constructor({
    added = [],
    allowed = [],
  }: { readonly added?: readonly string[]; readonly allowed?: readonly string[] } = {}) {
    this.guarded = new Set([...USUAL, ...added.map(folded)]);
    this.allowed = new Set(allowed.map(folded));
  }

  /** Whether an id, as {@link readId} gives it, is one of these. */
  has(id: string): boolean {
    const name = folded(id);
    if (this.allowed.has(name)) return false;
    return this.guarded.has(name) || (!ORDINARY.test(name) && PATTERNS.some((pattern) => pattern.test(name)));
  }
}

/** What is wrong with an id of a person, or of a group of people, that is guarded. */
export function guardedMessage(said: Json | undefined, of: 'person' | 'group' = 'person'): string {
  const id = typeof said === 'string' ? said : JSON.stringify(said);
  const shown = id.length > 40 ? `${id.slice(0, 40)}…` : id;
  return (
    `is "${shown}", which clients send by mistake in place of an id and which many people would share; ` +
    `send the id of this one ${of}${of === 'person' ? ', or none' : ''}`
  );
}

const USUAL: readonly string[] = [
  ...['undefined', 'null', 'nil', 'nan', 'infinity', '-infinity', 'true', 'false', '-1', '""', "''"],
  ...['none', '(none)', '(null)', '\\n', 'n/a', 'na', 'not set', '(not set)', 'unknown', 'empty'],
  ...['gast', 'anonym', 'unbekannt', 'k.a.', 'inconnu', 'desconocido'],
  ...['anonymous', 'anon', 'guest', 'nobody', 'visitor', 'default', 'unidentified', 'string', '-', '?'],
  ...['id', 'userid', 'user_id', 'user-id', 'visitorid', 'visitor_id', 'anonymousid', 'anonymous_id', 'customer_id'],
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
];

/** What nearly all ids are, and none of the patterns: one look in place of seven. */
const ORDINARY = /^(?!-?0[0-]*$|function|undefined|null|nan)[\w.@:+-]+$/;

const PATTERNS: readonly RegExp[] = [
  // All zeros: 0, 000000, a UUID or an advertising id that was never given.
  /^-?0[0-]*$/,
  // What JavaScript makes of an object or a function that is put where a text belongs.
  /^\[object \w*\]$|^function\b|=>/,
  // Several of them put together, as `${first}-${last}` or a list of objects is.
  /^(?:undefined|null|nan|\[object \w*\])(?:[\s,;:|/_.-]+(?:undefined|null|nan|\[object \w*\]))+$/,
  // One of them between quotes, as a text that was made JSON twice has it.
  /^(["'])(?:undefined|null|nan)\1$/,
  // What spreadsheets write for an error, in any language: #REF!, #DIV/0!, #NAME?, #N/A, #NV, #BEZUG!.
  /^#\S*[!?]$|^#(?:n\/?[adv]|nd)$/,
  // It stands for a character that was lost before it came here: two people may have become one.
  /\uFFFD/,
  // Marks of templates: {{user_id}}, {user}, ${id}, #{id}, <%= id %>, *|ID|*, %%ID%%, %id%, [[id]], <user_id>.
  /^\{+[^{}]*\}+$|\{\{|\}\}|[$#]\{|<%|\*\||^%+\w+%+$|\[\[|^<\w+>$/,
];

function folded(id: string): string {
  return id.toLowerCase();
}
