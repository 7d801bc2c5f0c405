import { isObject } from '../../engine/language/is-object.js';
import type { Json, JsonObject } from '../../engine/language/json.js';
import { allOf, isInShare, type When } from './flag-conditions.js';
import type { FlagSource, FlagValue, LeftOut, Served, SourceFlag } from './flag-source.js';
import { MongoConditions } from './mongo-conditions.js';
import { attempt, NoCounterpart } from './no-counterpart.js';

/** What of a rule changes whom it is for, and can't be said. */
const REFUSED = ['parentConditions', 'filters', 'namespace', 'ranges'] as const;

/** The features of GrowthBook (https://docs.growthbook.io/lib/build-your-own), as its SDKs get them. */
export function readGrowthBook(written: Json): FlagSource {
  const features = isObject(written) && isObject(written['features']) ? written['features'] : written;
  if (!isObject(features)) throw new NoCounterpart('it must be { "features": { "<key>": { … } } }');
  const groups = isObject(written) && isObject(written['savedGroups']) ? written['savedGroups'] : {};
  const flags = Object.entries(features).map(([key, feature]): SourceFlag | LeftOut => {
    const made = attempt(() => new Feature(key, feature, groups).read());
    return typeof made === 'string' ? { key, why: made } : made;
  });
  return { flags, segments: [] };
}

class Feature {
  private readonly values: FlagValue[] = [];
  private readonly conditions: MongoConditions;
  private readonly notes = new Set<string>();

  constructor(
    private readonly key: string,
    private readonly feature: Json,
    groups: JsonObject,
  ) {
    this.conditions = new MongoConditions(groups);
  }

  read(): SourceFlag {
    if (!isObject(this.feature)) throw new NoCounterpart('a feature must be an object');
    const { defaultValue = null, rules = [] } = this.feature;
    const written = Array.isArray(rules) ? (rules as readonly Json[]) : [];
    const otherwise = defaultValue === null ? undefined : this.nameOf(defaultValue);
    const served = written.flatMap((rule, at) => this.rule(rule, at + 1));
    return {
      ...{ key: this.key, values: this.values, served, isOff: false },
      ...(otherwise !== undefined && { otherwise }),
      notes: [...this.conditions.notes, ...this.notes],
    };
  }

  private rule(written: Json, place: number): Served[] {
    if (!isObject(written)) throw new NoCounterpart(`its rule ${place} is no object`);
    const refused = REFUSED.find((name) => name in written);
    if (refused !== undefined) throw new NoCounterpart(`its rule ${place} has "${refused}"`);
    const { condition = {} } = written;
    const when = this.conditions.when(condition);
    if ('force' in written) return [this.forced(written, when)];
    return Array.isArray(written['variations']) ? this.dealt(written, written['variations'] as Json[], when) : [];
  }

  private forced(written: JsonObject, when: When): Served {
    const { coverage = 1, seed, force = null } = written;
    const share = this.share(typeof seed === 'string' ? seed : this.key, 0, Number(coverage));
    return { when: allOf([when, share]), value: this.nameOf(force) };
  }

  /** Each variation has its own range, of which only as much as is covered. */
  private dealt({ weights, coverage = 1, key, seed }: JsonObject, variations: readonly Json[], when: When): Served[] {
    const given = Array.isArray(weights) && weights.length === variations.length ? (weights as number[]) : undefined;
    const draw = [seed, key].find((one) => typeof one === 'string') ?? this.key;
    let from = 0;
    return variations.map((value, at) => {
      const weight = given?.[at] ?? 1 / variations.length;
      const share = this.share(String(draw), from, from + weight * Number(coverage));
      from += weight;
      return { when: allOf([when, share]), value: this.nameOf(value) };
    });
  }

  private share(draw: string, from: number, to: number): When {
    if (from <= 0 && to >= 1) return true;
    this.notes.add(
      'its shares are of as many people, but not of the same ones: GrowthBook deals by an attribute, Usher by who ' +
        'somebody is',
    );
    return isInShare(draw, from * 100, to * 100);
  }

  /** Values have no names there: what is the same is one. */
  private nameOf(value: Json): string {
    const known = this.values.find((one) => JSON.stringify(one.value) === JSON.stringify(value));
    if (known) return known.name;
    const isPlain = typeof value !== 'object' && String(value).length <= 30 && /[A-Za-z0-9]/.test(String(value));
    const plain = isPlain ? String(value) : `value-${this.values.length + 1}`;
    const name = this.values.some((one) => one.name === plain) ? `${plain}-${this.values.length + 1}` : plain;
    this.values.push({ name, value });
    return name;
  }
}
