import { parse } from 'csv-parse';
import type { Readable } from 'node:stream';
import type { Json, JsonObject, Millis } from '../engine/types.js';
import { MalformedBody, UsherError, type Problem } from '../errors.js';
import { inGroups, readLines } from '../http/ndjson.js';
import { parseJson } from '../http/parse-json.js';
import { MAX_ID_LENGTH } from './incoming-event.js';
import { parseTime } from './parse-time.js';
import { traitsProblem } from './traits-problem.js';
import type { VisitorsService } from './visitors.service.js';

/** What became of an import. */
export interface ImportSummary {
  readonly accepted: number;
  readonly refusedCount: number;
  /** The first thousand of the lines refused, with all that is wrong with each. */
  readonly refused: readonly RefusedLine[];
}

/** A line that was not imported. */
export interface RefusedLine {
  readonly line: number;
  readonly problems: readonly Problem[];
}

interface Person {
  readonly visitorId: string;
  readonly traits: JsonObject;
  readonly timestamp?: Millis;
}

interface Row {
  readonly line: number;
  readonly person?: Person;
  readonly problems?: readonly Problem[];
}

const MAX_LINE_LENGTH = 64 * 1024;
const GROUP_SIZE = 500;
const MAX_REFUSED_TOLD = 1_000;

/** Reads people and their traits from a stream in constant memory; good lines are stored, bad ones are told. */
export async function importVisitors(body: Readable, format: 'csv' | 'ndjson', visitors: VisitorsService): Promise<ImportSummary> {
  const refused: RefusedLine[] = [];
  let accepted = 0;
  let refusedCount = 0;
  for await (const group of inGroups(format === 'csv' ? csvRows(body) : ndjsonRows(body), GROUP_SIZE)) {
    const people = group.map((row) => row.person).filter((person) => person !== undefined);
    await visitors.setTraits(people);
    accepted += people.length;
    for (const { line, problems } of group) {
      if (!problems) continue;
      refusedCount++;
      if (refused.length < MAX_REFUSED_TOLD) refused.push({ line, problems });
    }
  }
  return { accepted, refusedCount, refused };
}

async function* ndjsonRows(body: Readable): AsyncGenerator<Row> {
  for await (const { number, text } of readLines(body, MAX_LINE_LENGTH)) {
    if (text === undefined) yield { line: number, problems: [{ path: '', message: `is longer than the limit of ${MAX_LINE_LENGTH} characters` }] };
    else yield { line: number, ...readPerson(text) };
  }
}

function readPerson(text: string): Pick<Row, 'person' | 'problems'> {
  try {
    return checkPerson(parseJson(text, 'line'));
  } catch (error) {
    return { problems: [{ path: '', message: error instanceof UsherError ? error.message : String(error) }] };
  }
}

function checkPerson(value: unknown): Pick<Row, 'person' | 'problems'> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { problems: [{ path: '', message: 'must be an object { "visitorId", "traits" }' }] };
  const { visitorId, traits, timestamp } = value as Record<string, unknown>;
  const id = typeof visitorId === 'number' ? String(visitorId) : visitorId;
  const wrongTraits = traitsProblem(traits);
  const at = typeof timestamp === 'string' ? parseTime(timestamp) : undefined;
  const problems: Problem[] = [
    ...(typeof id === 'string' && id !== '' && id.length <= MAX_ID_LENGTH && id.isWellFormed() ? [] : [{ path: 'visitorId', message: `must be a text of 1 to ${MAX_ID_LENGTH} whole characters` }]),
    ...(wrongTraits ? [{ ...wrongTraits, path: 'traits' }] : []),
    ...((timestamp !== undefined && at === undefined) || Number.isNaN(at) ? [{ path: 'timestamp', message: 'must be an ISO 8601 time' }] : []),
  ];
  if (problems.length > 0) return { problems };
  return { person: { visitorId: id as string, traits: traits as JsonObject, ...(at !== undefined && { timestamp: at }) } };
}

/** A header line with `visitorId`, every other column a trait; empty cells say nothing. Cells are texts. */
async function* csvRows(body: Readable): AsyncGenerator<Row> {
  const parser = body.pipe(parse({ columns: true, bom: true, skip_empty_lines: true, relax_column_count: true, max_record_size: MAX_LINE_LENGTH, info: true }));
  body.once('error', (error) => parser.destroy(error));
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: Record<string, string>; info: { lines: number } }>) {
      const { visitorId, ...cells } = record;
      const traits = Object.fromEntries(Object.entries(cells).filter(([, cell]) => cell !== '')) as Record<string, Json>;
      yield { line: info.lines, ...checkPerson({ visitorId, traits }) };
    }
  } catch (error) {
    throw new MalformedBody(`The CSV can't be read: ${error instanceof Error ? error.message : String(error)}. Lines before it were stored.`);
  }
}
