import { isObject } from '../../engine/language/is-object.js';
import type { FactReference } from '../../engine/language/condition-definition.js';
import type { Json, JsonObject } from '../../engine/language/json.js';
import {
  allOf,
  anyOf,
  attribute,
  hasAmong,
  isAmong,
  isBound,
  isVersion,
  noneOf,
  type Bound,
  type When,
} from './flag-conditions.js';
import { missing, nameOf } from './json-logic.js';
import { NoCounterpart } from './no-counterpart.js';

const BOUNDS: Readonly<Record<string, Bound>> = { $lt: '<', $lte: '<=', $gt: '>', $gte: '>=' };
const VERSIONS: Readonly<Record<string, Bound | '=' | '!='>> = {
  ...{ $veq: '=', $vne: '!=', $vlt: '<', $vlte: '<=' },
  ...{ $vgt: '>', $vgte: '>=' },
};

/** Reads conditions of GrowthBook, which are like those of MongoDB, and notes where ours differ. */
export class MongoConditions {
  readonly notes = new Set<string>();

  constructor(private readonly groups: JsonObject) {}

  /** When a condition holds. Throws `NoCounterpart`. */
  when(written: Json): When {
    if (!isObject(written)) throw new NoCounterpart('a condition must be an object');
    return allOf(Object.entries(written).map(([name, value]) => this.part(name, value)));
  }

  private part(name: string, value: Json): When {
    switch (name) {
      case '$and':
        return allOf(this.list(name, value));
      case '$or':
        // Nothing to choose from is as if nothing were asked.
        return Array.isArray(value) && value.length === 0 ? true : anyOf(this.list(name, value));
      case '$nor':
        return Array.isArray(value) && value.length === 0 ? false : noneOf(anyOf(this.list(name, value)));
      case '$not':
        return noneOf(this.when(value));
      default:
        return this.field(attribute(name.split('.')), value);
    }
  }

  private list(name: string, value: Json): When[] {
    if (!Array.isArray(value)) throw new NoCounterpart(`"${name}" must be a list`);
    return (value as readonly Json[]).map((one) => this.when(one));
  }

  private field(of: FactReference, value: Json): When {
    if (!isObject(value) || !Object.keys(value).some((name) => name.startsWith('$'))) return this.same(of, value);
    return allOf(Object.entries(value).map(([operator, wanted]) => this.operator(of, operator, wanted)));
  }

  private operator(of: FactReference, operator: string, wanted: Json): When {
    const [bound, version] = [BOUNDS[operator], VERSIONS[operator]];
    if (bound) return this.bound(of, bound, wanted);
    if (version) return isVersion(of, version, typeof wanted === 'string' ? wanted : JSON.stringify(wanted));
    switch (operator) {
      case '$eq':
        return isAmong(of, [plain(of, wanted)]);
      case '$ne':
        return noneOf(isAmong(of, [plain(of, wanted)]));
      case '$in':
        return amongAny(of, listIn(operator, wanted));
      case '$nin':
        return noneOf(amongAny(of, listIn(operator, wanted)));
      case '$inGroup':
        return amongAny(of, this.group(wanted));
      case '$notInGroup':
        return noneOf(amongAny(of, this.group(wanted)));
      case '$all':
        return allOf(listIn(operator, wanted).map((value) => hasAmong(of, likes(plain(of, value)))));
      case '$not':
        return noneOf(this.field(of, wanted));
      default:
        throw new NoCounterpart(`"${operator}" of ${nameOf(of)} has no counterpart`);
    }
  }

  /** A text is as the number that it writes, and the other way round. */
  private same(of: FactReference, value: Json): When {
    plain(of, value);
    if (typeof value !== 'boolean') {
      if (value === 0) this.notes.add(missing(of, '0'));
      return isAmong(of, likes(value));
    }
    if (!value) return isAmong(of, [false, 0, '']);
    this.notes.add(`${nameOf(of)} is taken to be true or false: any other value is as false`);
    return isAmong(of, [true]);
  }

  private bound(of: FactReference, bound: Bound, wanted: Json): When {
    if (typeof wanted !== 'number')
      throw new NoCounterpart(`${nameOf(of)} is to be compared with a number; ${JSON.stringify(wanted)} is none`);
    this.notes.add(missing(of, '0'));
    return isBound(of, bound, wanted);
  }

  private group(wanted: Json): readonly Json[] {
    const group = typeof wanted === 'string' ? this.groups[wanted] : undefined;
    if (!Array.isArray(group)) throw new NoCounterpart(`there is no saved group ${JSON.stringify(wanted)}`);
    return group as readonly Json[];
  }
}

function amongAny(of: FactReference, values: readonly Json[]): When {
  const wanted = values.map((value) => plain(of, value));
  return anyOf([isAmong(of, wanted), hasAmong(of, wanted)]);
}

function listIn(operator: string, wanted: Json): readonly Json[] {
  if (!Array.isArray(wanted)) throw new NoCounterpart(`"${operator}" must have a list`);
  return wanted as readonly Json[];
}

function plain(of: FactReference, value: Json): Json {
  if (value === null) throw new NoCounterpart(`whether ${nameOf(of)} is missing can not be asked`);
  if (typeof value === 'object') throw new NoCounterpart('lists and objects are not compared as a whole');
  return value;
}

function likes(value: Json): readonly Json[] {
  if (typeof value === 'number') return [value, String(value), ...(value === 1 ? [true] : value === 0 ? [false] : [])];
  const isNumber = typeof value === 'string' && /^(0|-?[1-9]\d*)(\.\d*[1-9])?$/.test(value);
  return isNumber ? [value, Number(value)] : [value];
}
