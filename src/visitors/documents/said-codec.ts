/** What a person said, as bytes: traits as they are now, when each was said, and consents. */
import { isObject } from '../../engine/language/is-object.js';
import type { JsonObject } from '../../engine/language/json.js';
import { CorruptDocument } from '../../errors.js';
import type { ByteReader } from '../bytes/byte-reader.js';
import type { ByteWriter } from '../bytes/byte-writer.js';
import type { Memory, RememberedConsent } from '../memory/memory.js';
import type { RememberedTrait } from '../memory/trait-words.js';
import { readTexts, writeTexts } from '../bytes/texts-codec.js';

/** Reads traits as they are now. */
export function readTraits(reader: ByteReader): JsonObject {
  const traits = reader.json();
  if (!isObject(traits)) throw new CorruptDocument('its traits are not an object');
  return traits;
}

/** Appends when each trait was said, and by whom: those that are there in their order, then those that were removed. */
export function writeSaid(writer: ByteWriter, now: JsonObject, traits: Memory['traits']): void {
  const removed = Object.keys(traits).filter((name) => !Object.hasOwn(now, name));
  const said = [...Object.keys(now), ...removed].map((name) => traits[name]).filter((trait) => trait !== undefined);
  const sources = [...new Set(said.map((trait) => trait.source))];
  writeTexts(writer, removed);
  writeTexts(writer, sources);
  writer.codes(said.map((trait) => sources.indexOf(trait.source)));
  writer.numbers(said.map((trait) => trait.at));
  writer.numbers(said.map((trait) => trait.arrival));
}

/** Traits with all that is remembered of each; `now` are those that are there. */
export function readSaid(reader: ByteReader, now: JsonObject): Record<string, RememberedTrait> {
  const removed = readTexts(reader);
  const names = [...Object.keys(now), ...removed];
  const sources = readTexts(reader);
  const codes = reader.codes(names.length);
  const at = reader.numbers(names.length);
  const arrivals = reader.numbers(names.length);
  const trait = (name: string, place: number): RememberedTrait => ({
    value: (Object.hasOwn(now, name) ? now[name] : undefined) ?? null,
    at: at[place] ?? NaN,
    arrival: arrivals[place] ?? NaN,
    source: sources[codes[place] ?? -1] ?? '',
  });
  return Object.fromEntries(names.map((name, place) => [name, trait(name, place)]));
}

/** Appends words of browsers that stand below those of servers. */
export function writeOutranked(writer: ByteWriter, outranked: Memory['traits']): void {
  const values = Object.fromEntries(Object.entries(outranked).map(([name, { value }]) => [name, value]));
  writer.block(() => writer.json(values));
  writeSaid(writer, values, outranked);
}

/** Reads words of browsers that stand below those of servers. */
export function readOutranked(reader: ByteReader): Record<string, RememberedTrait> {
  return readSaid(reader, readTraits(reader.block()));
}

/** Appends what was said about purposes. */
export function writeConsents(writer: ByteWriter, consents: Memory['consents']): void {
  const said = Object.values(consents);
  writeTexts(writer, Object.keys(consents));
  writer.codes(said.map(({ granted, until }) => Number(granted) + (until === undefined ? 0 : HAS_END)));
  writer.numbers(said.map(({ until }) => until ?? 0));
  writer.numbers(said.map(({ at }) => at));
  writer.numbers(said.map(({ arrival }) => arrival));
}

const HAS_END = 2;

/** Reads what was said about purposes. */
export function readConsents(reader: ByteReader): Record<string, RememberedConsent> {
  const purposes = readTexts(reader);
  const flags = reader.codes(purposes.length);
  const [untils, at, arrivals] = [
    reader.numbers(purposes.length),
    reader.numbers(purposes.length),
    reader.numbers(purposes.length),
  ];
  const consent = (place: number): RememberedConsent => {
    const flag = flags[place] ?? 0;
    return {
      granted: flag % 2 === 1,
      until: flag >= HAS_END ? untils[place] : undefined,
      at: at[place] ?? NaN,
      arrival: arrivals[place] ?? NaN,
    };
  };
  return Object.fromEntries(purposes.map((purpose, place) => [purpose, consent(place)]));
}
