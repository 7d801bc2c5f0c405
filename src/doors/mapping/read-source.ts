import { isObject } from '../../engine/language/is-object.js';
import { CELL_TYPES, type CellType, type ColumnSource, type Source } from './column-source.js';
import { readName } from '../read-name.js';
import { dateFormat } from './date-format.js';

/** Where in a mapping a source stands, and who hears what is wrong with it. */
export interface SourcePlace {
  readonly path: string;
  /** The time zone of the mapping. */
  readonly timeZone: string;
  /** What a date without hours is: the day, or the instant at which it begins. */
  readonly gives: 'day' | 'instant';
  readonly refuse: (problem: string) => void;
}

type Raw = Readonly<Record<string, unknown>>;

/** The words that go with one type only. */
const WORDS_OF_TYPES: Readonly<Record<string, CellType>> = {
  decimal: 'number',
  format: 'date',
  separator: 'list',
  true: 'boolean',
  false: 'boolean',
};
const KNOWN = ['column', 'type', 'names', ...Object.keys(WORDS_OF_TYPES)];

/** Reads where a value comes from, as a mapping says it; undefined where it can't be, or is not, said. */
export function readSource(raw: unknown, place: SourcePlace): Source | undefined {
  if (raw === undefined) return undefined;
  if (typeof raw === 'string' && readName(raw) !== '') return { column: readName(raw) };
  if (isObject(raw) && 'value' in raw && Object.keys(raw).length === 1) return { value: raw['value'] };
  if (isObject(raw) && typeof raw['column'] === 'string' && readName(raw['column']) !== '')
    return readColumn(readName(raw['column']), raw, place);
  place.refuse(`"${place.path}" must be a column's name, { "column": … } or { "value": … }`);
  return undefined;
}

function readColumn(column: string, raw: Raw, place: SourcePlace): ColumnSource {
  refuseUnknown(raw, place);
  return {
    column,
    ...readType(raw['type'], place),
    ...readNames(raw['names'], place),
    ...readDecimal(raw['decimal'], place),
    ...readFormat(raw, place),
    ...readSeparator(raw, place),
    ...readWords(raw, place),
  };
}

function refuseUnknown(raw: Raw, { path, refuse }: SourcePlace): void {
  const unknown = Object.keys(raw).filter((word) => !KNOWN.includes(word));
  if (unknown.length > 0) refuse(`"${path}" does not know "${unknown.join('", "')}", only ${KNOWN.join(', ')}`);
  for (const [word, type] of Object.entries(WORDS_OF_TYPES))
    if (raw[word] !== undefined && raw['type'] !== type)
      refuse(`"${path}.${word}" is for the type ${type}; say "type": "${type}"`);
}

function readType(raw: unknown, { path, refuse }: SourcePlace): Pick<ColumnSource, 'type'> {
  const type = CELL_TYPES.find((known) => known === raw);
  if (raw !== undefined && !type)
    refuse(`"${path}.type" must be one of ${CELL_TYPES.join(', ')}; got ${JSON.stringify(raw)}`);
  return type ? { type } : {};
}

function readNames(raw: unknown, { path, refuse }: SourcePlace): Pick<ColumnSource, 'names'> {
  if (raw === undefined) return {};
  if (isObject(raw) && Object.values(raw).every((name) => typeof name === 'string'))
    return { names: raw as Record<string, string> };
  refuse(`"${path}.names" must be an object of texts, such as { "view": "Product Viewed" }`);
  return {};
}

function readDecimal(raw: unknown, { path, refuse }: SourcePlace): Pick<ColumnSource, 'decimal'> {
  if (raw === ',' || raw === '.') return { decimal: raw };
  if (raw !== undefined) refuse(`"${path}.decimal" must be "," or ".", what stands before the fraction`);
  return {};
}

function readFormat(raw: Raw, { path, timeZone, gives, refuse }: SourcePlace): Pick<ColumnSource, 'dates'> {
  if (raw['type'] !== 'date') return {};
  const patterns = [raw['format']].flat();
  const dates = patterns.flatMap((pattern) => {
    const read = typeof pattern === 'string' ? dateFormat(pattern, { timeZone, gives }) : undefined;
    return typeof pattern === 'string' && read ? [{ pattern, read }] : [];
  });
  if (dates.length < patterns.length)
    refuse(
      `"${path}.format" must be a pattern with yyyy, mm and dd, perhaps hh:mm:ss, ` +
        'such as "dd.mm.yyyy", or a list of them',
    );
  return { dates };
}

function readSeparator(raw: Raw, { path, refuse }: SourcePlace): Pick<ColumnSource, 'separator'> {
  if (raw['type'] !== 'list') return {};
  const { separator } = raw;
  if (typeof separator === 'string' && separator !== '') return { separator };
  refuse(`"${path}.separator" is missing: what stands between the items of the list, such as "|"`);
  return {};
}

function readWords(raw: Raw, { path, refuse }: SourcePlace): Pick<ColumnSource, 'words'> {
  if (raw['true'] === undefined && raw['false'] === undefined) return {};
  const words = new Map<string, boolean>();
  for (const [name, value] of [
    ['true', true],
    ['false', false],
  ] as const)
    for (const word of [raw[name]].flat())
      if (typeof word === 'string' && !words.has(folded(word))) words.set(folded(word), value);
      else
        refuse(
          `"${path}.${name}" must be a word or a list of words that are not among the others, such as ["ja", "x"]`,
        );
  return { words };
}

function folded(word: string): string {
  return word.trim().toLowerCase();
}
