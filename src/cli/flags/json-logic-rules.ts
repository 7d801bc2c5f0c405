import { isObject } from '../../engine/language/is-object.js';
import type { Json } from '../../engine/language/json.js';
import { allOf, type When } from './flag-conditions.js';
import type { FlagSource, FlagValue, LeftOut, Served, SourceFlag, SourceSegment } from './flag-source.js';
import { JsonLogic, listOf, only } from './json-logic.js';
import { attempt, NoCounterpart } from './no-counterpart.js';

/**
 * Rules of JSONLogic by their names: what is true or false is a segment, what chooses among values a flag. A rule by
 * itself is called `name`.
 */
export function readJsonLogic(written: Json, name: string): FlagSource {
  if (!isObject(written)) throw new NoCounterpart('it must be { "<name>": { … } }, or one rule');
  const rules = isRule(written) ? { [name]: written } : written;
  const made = Object.entries(rules).map(([key, rule]) => [key, rule] as const);
  const isFlag = ([, rule]: readonly [string, Json]) => isObject(rule) && choosesValues(rule);
  return {
    flags: made.filter(isFlag).map(([key, rule]) => flagOf(key, rule)),
    segments: made.filter((one) => !isFlag(one)).map(([key, rule]) => segmentOf(key, rule)),
  };
}

/** Operators are no names that people give; a file of one rule begins with one. */
const OPERATORS =
  /^(if|\?:|and|or|!|!!|==|===|!=|!==|<|<=|>|>=|in|var|cat|missing|missing_some|some|all|none|[-+*/%])$/;

function isRule(written: Readonly<Record<string, unknown>>): boolean {
  const names = Object.keys(written);
  return names.length === 1 && OPERATORS.test(names[0] ?? '');
}

/** Whether a branch leads to something else than true and false, or than a condition. */
function choosesValues(rule: Json): boolean {
  if (!isObject(rule)) return typeof rule !== 'boolean';
  const [operator, values] = Object.entries(rule)[0] ?? [];
  return operator === 'if' && outcomesOf(listOf(values as Json)).some((one) => choosesValues(one));
}

function outcomesOf(parts: readonly Json[]): readonly Json[] {
  return parts.filter((_part, at) => at % 2 === 1 || at === parts.length - 1);
}

function segmentOf(name: string, rule: Json): SourceSegment | LeftOut {
  const reader = new JsonLogic();
  const when = attempt(() => ({ when: reader.when(rule) }));
  return typeof when === 'string' ? { key: name, why: when } : { name, ...when, notes: [...reader.notes] };
}

function flagOf(key: string, rule: Json): SourceFlag | LeftOut {
  const made = attempt(() => new ChosenValues(key).read(rule));
  return typeof made === 'string' ? { key, why: made } : made;
}

class ChosenValues {
  private readonly reader = new JsonLogic();
  private readonly values: FlagValue[] = [];

  constructor(private readonly key: string) {}

  read(rule: Json): SourceFlag {
    const served = this.served(rule, true);
    return { key: this.key, values: this.values, served, isOff: false, notes: [...this.reader.notes] };
  }

  private served(written: Json | undefined, when: When): Served[] {
    if (written === undefined || written === null) return [{ when, value: undefined }];
    if (!isObject(written)) return [{ when, value: this.nameOf(written) }];
    const [operator, values] = only(written);
    if (operator === 'if') return this.branches(listOf(values), when);
    if (operator === 'var') throw new NoCounterpart('what an attribute says can not be shown; a template could');
    const holds = allOf([when, this.reader.when(written)]);
    return [
      { when: holds, value: this.nameOf(true) },
      { when, value: this.nameOf(false) },
    ];
  }

  private branches([condition, then, ...others]: readonly Json[], when: When): Served[] {
    if (then === undefined) return this.served(condition, when);
    const holds = allOf([when, this.reader.when(condition)]);
    return [...this.served(then, holds), ...this.branches(others, when)];
  }

  private nameOf(value: Json): string {
    const known = this.values.find((one) => JSON.stringify(one.value) === JSON.stringify(value));
    if (known) return known.name;
    const name = typeof value === 'object' ? `value-${this.values.length + 1}` : String(value);
    this.values.push({ name, value });
    return name;
  }
}
