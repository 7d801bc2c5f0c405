import { isObject } from '../../engine/language/is-object.js';
import type { Json, JsonObject } from '../../engine/language/json.js';
import { allOf, inSegment, isInShare, type When } from './flag-conditions.js';
import type { FlagSource, LeftOut, Served, SourceFlag, SourceSegment } from './flag-source.js';
import { flagdCondition, JsonLogic, listOf, only } from './json-logic.js';
import { attempt, NoCounterpart } from './no-counterpart.js';

/** The flags of flagd (https://flagd.dev/reference/flag-definitions), and its evaluators as segments. */
export function readFlagd(written: Json): FlagSource {
  const flags = isObject(written) ? written['flags'] : undefined;
  if (!isObject(written) || !isObject(flags)) throw new NoCounterpart('it must be { "flags": { "<key>": { … } } }');
  const named = isObject(written['$evaluators']) ? written['$evaluators'] : {};
  return {
    segments: Object.entries(named).map(([name, logic]) => segmentOf(name, logic, named)),
    flags: Object.entries(flags).map(([key, flag]) => flagOf(key, flag, named)),
  };
}

function segmentOf(name: string, logic: Json, named: JsonObject): SourceSegment | LeftOut {
  const reader = readerFor(name, named);
  const when = attempt(() => ({ when: reader.when(logic) }));
  return typeof when === 'string' ? { key: name, why: when } : { name, ...when, notes: [...reader.notes] };
}

function flagOf(key: string, flag: Json, named: JsonObject): SourceFlag | LeftOut {
  const made = attempt(() => new FlagdFlag(key, flag, readerFor(key, named)).read());
  return typeof made === 'string' ? { key, why: made } : made;
}

function readerFor(key: string, named: JsonObject): JsonLogic {
  return new JsonLogic({
    condition: (operator, values, reader) => {
      if (operator !== '$ref') return flagdCondition(operator, values, reader);
      if (typeof values !== 'string' || !Object.hasOwn(named, values))
        throw new NoCounterpart(`there is no evaluator ${JSON.stringify(values)}`);
      return inSegment(values);
    },
    constant: (name) => constantOf(name, key),
  });
}

function constantOf(name: string, key: string): Json | undefined {
  if (name === '$flagd.flagKey') return key;
  if (name.startsWith('$flagd.')) throw new NoCounterpart(`"${name}" has no counterpart; rules have schedules`);
  if (name === 'targetingKey') throw new NoCounterpart('rules do not look at the id of a visitor');
  return undefined;
}

class FlagdFlag {
  private readonly variants: JsonObject;
  private readonly otherwise: string | undefined;

  constructor(
    private readonly key: string,
    private readonly flag: Json,
    private readonly reader: JsonLogic,
  ) {
    const { variants, defaultVariant } = isObject(flag) ? flag : {};
    if (!isObject(variants)) throw new NoCounterpart('it has no variants');
    this.variants = variants;
    this.otherwise = defaultVariant === undefined || defaultVariant === null ? undefined : this.variant(defaultVariant);
  }

  read(): SourceFlag {
    const { state, targeting } = this.flag as JsonObject;
    const served = isObject(targeting) && Object.keys(targeting).length > 0 ? this.served(targeting, true) : [];
    return {
      key: this.key,
      values: Object.entries(this.variants).map(([name, value]) => ({ name, value: value })),
      ...{ served, isOff: state === 'DISABLED', notes: [...this.reader.notes] },
      ...(this.otherwise !== undefined && { otherwise: this.otherwise }),
    };
  }

  /** What is served while `when` holds, to the last case. */
  private served(written: Json | undefined, when: When): Served[] {
    if (written === undefined || written === null) return [{ when, value: this.otherwise }];
    if (!isObject(written)) return [{ when, value: this.variant(written) }];
    const [operator, values] = only(written);
    if (operator === 'if') return this.branches(listOf(values), when);
    if (operator === 'fractional') return this.shares(listOf(values), when);
    const holds = allOf([when, this.reader.when(written)]);
    return [
      { when: holds, value: this.variant(true) },
      { when, value: this.variant(false) },
    ];
  }

  private branches([condition, then, ...others]: readonly Json[], when: When): Served[] {
    if (then === undefined) return this.served(condition, when);
    const holds = this.reader.when(condition);
    return [...this.served(then, allOf([when, holds])), ...this.branches(others, when)];
  }

  private shares(values: readonly Json[], when: When): Served[] {
    const dealt = values.filter((value): value is readonly Json[] & Json => Array.isArray(value));
    if (dealt.length === 0) throw new NoCounterpart('"fractional" deals no variants');
    const by = dealt.length < values.length ? ` by ${JSON.stringify(values[0])}` : '';
    this.reader.notes.add(
      `its shares are of as many people, but not of the same ones: flagd deals${by}, Usher by who somebody is`,
    );
    const weights = dealt.map(([, weight = 1]) => (typeof weight === 'number' ? weight : notWeighed()));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    let from = 0;
    return dealt.map(([variant], at) => {
      const to = at === dealt.length - 1 ? 100 : from + ((weights[at] ?? 0) / total) * 100;
      const served = { when: allOf([when, isInShare(this.key, from, to)]), value: this.variant(variant ?? null) };
      from = to;
      return served;
    });
  }

  private variant(written: Json): string {
    const name = typeof written === 'boolean' ? String(written) : written;
    if (typeof name === 'string' && Object.hasOwn(this.variants, name)) return name;
    throw new NoCounterpart(`it has no variant ${JSON.stringify(written)}`);
  }
}

function notWeighed(): never {
  throw new NoCounterpart('weights of "fractional" that are computed have no counterpart');
}
