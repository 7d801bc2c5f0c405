import type { Comparison, Condition } from '../../engine/language/condition-definition.js';
import { isObject } from '../../engine/language/is-object.js';
import type { Json, JsonObject } from '../../engine/language/json.js';
import { mapFact, mapReference, type FactChoices, type MappedFact } from './map-facts.js';

/** A condition of json-rules-engine in Usher's words, with what was found on the way. */
export interface Converted {
  readonly condition: Condition;
  readonly facts: readonly MappedFact[];
  /** What can't be kept, so that the rule does not mean the same yet. */
  readonly lost: readonly string[];
  /** What the library ignores too, and is left out. */
  readonly ignored: readonly string[];
}

/** Converts a condition, or says in a sentence why it can't be. */
export function convertConditions(
  written: Json | undefined,
  choices: FactChoices,
  segmentId: (name: string) => string,
): Converted | string {
  const converter = new Converter(choices, segmentId);
  try {
    return {
      condition: converter.convert(written),
      facts: converter.facts,
      lost: converter.lost,
      ignored: converter.ignored,
    };
  } catch (refusal) {
    if (refusal instanceof CannotConvert) return refusal.message;
    throw refusal;
  }
}

/** Thrown where it can't go on; never leaves this file. */
class CannotConvert extends Error {
  override readonly name = 'CannotConvert';
}

class Converter {
  readonly facts: MappedFact[] = [];
  readonly lost: string[] = [];
  readonly ignored: string[] = [];

  constructor(
    private readonly choices: FactChoices,
    private readonly segmentId: (name: string) => string,
  ) {}

  /**
   * The library looks for `any`, `all`, `not` and `condition`, in this order, and ignores what stands beside the first
   * it finds.
   */
  convert(written: Json | undefined): Condition {
    if (!isObject(written))
      throw new CannotConvert(`a condition must be an object; got ${JSON.stringify(written) ?? 'nothing'}`);
    const { any, all, not, condition } = written;
    if (any !== undefined) return { any: this.list('any', any), ...this.annotations(written, ['any']) };
    if (all !== undefined) return { all: this.list('all', all), ...this.annotations(written, ['all']) };
    if (not !== undefined) return { not: this.convert(not), ...this.annotations(written, ['not']) };
    if (condition === undefined) return this.comparison(written);
    if (typeof condition !== 'string')
      throw new CannotConvert(`"condition" must be the name of one; got ${JSON.stringify(condition)}`);
    return { condition: this.segmentId(condition), ...this.annotations(written, ['condition']) };
  }

  private list(name: string, written: Json): Condition[] {
    if (!Array.isArray(written)) throw new CannotConvert(`"${name}" must be a list`);
    return (written as readonly Json[]).map((child) => this.convert(child));
  }

  private comparison(written: JsonObject): Comparison {
    const { operator, value } = written;
    if (typeof operator !== 'string' || value === undefined)
      throw new CannotConvert(`a condition needs "fact", "operator" and "value"; got ${JSON.stringify(written)}`);
    const other = isObject(value) && Object.hasOwn(value, 'fact') ? this.reference(value) : value;
    return {
      ...this.reference(written),
      operator,
      value: other,
      ...this.annotations(written, ['fact', 'params', 'path', 'operator', 'value']),
    };
  }

  private reference({ fact, params, path }: JsonObject): Pick<Comparison, 'fact' | 'params' | 'path'> {
    if (typeof fact !== 'string' || fact === '')
      throw new CannotConvert(`"fact" must be the name of one; got ${JSON.stringify(fact) ?? 'nothing'}`);
    const mapped = mapFact(fact, this.choices);
    const found = mapReference(typeof path === 'string' ? { path } : {}, mapped);
    if (typeof found === 'string')
      throw new CannotConvert(
        `${typeof path === 'string' ? `the path ${JSON.stringify(path)} into ` : ''}the fact ` +
          `${JSON.stringify(fact)} can't be said as a path of Usher's: ${found}`,
      );
    this.facts.push(mapped);
    if (!isObject(params) || Object.keys(params).length === 0) return found;
    if (mapped.path === undefined) return { ...found, params };
    this.lost.push(
      `the params ${JSON.stringify(params)} of the fact ${fact}: Usher looks up ${mapped.to} ${found.path}, ` +
        'and computes nothing',
    );
    return found;
  }

  private annotations(written: JsonObject, known: readonly string[]): { name?: string; priority?: number } {
    const { name, priority } = written;
    const rank = Number.parseInt(typeof priority === 'string' ? priority : JSON.stringify(priority ?? null), 10);
    for (const other of Object.keys(written))
      if (![...known, 'name', 'priority'].includes(other)) this.ignored.push(other);
    return { ...(typeof name === 'string' && { name }), ...(rank >= 1 && { priority: rank }) };
  }
}
