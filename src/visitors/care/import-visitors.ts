import { setImmediate as nextTurn } from 'node:timers/promises';
import { toUtf8 } from '../../doors/bytes/to-utf8.js';
import type { GuardedIds } from '../../doors/guarded-ids.js';
import type { LeftOut } from '../../doors/mapping/map-row.js';
import { ownMapper } from '../../doors/mapping/own-mapping.js';
import { UnreadNumbers, type UnreadNumber } from '../../doors/mapping/unread-numbers.js';
import { openTable } from '../../doors/tables/csv-table.js';
import type { RefusedRow } from '../../doors/tables/row.js';
import { MalformedBody, tellProblems, UsherError, type Problem } from '../../errors.js';
import { readLines } from '../../doors/tables/ndjson.js';
import { jsonInTurns, LONG_JSON } from '../../doors/json-in-turns.js';
import { parseJson } from '../../doors/parse-json.js';
import type { History } from '../memory/history.js';
import type { HistoryImporter } from './history-importer.js';
import { historySteps, readHistory } from '../intake/read-history.js';

/** What became of an import. */
export interface ImportSummary {
  readonly accepted: number;
  /** The first thousand of the lines that said a time to come, which is put at that of receipt; absent without. */
  readonly clamped?: readonly number[];
  /** How many lines have an id that clients send by mistake, such as `undefined`; absent without. */
  readonly guardedCount?: number;
  /** The first thousand of them: refused, or, where it is the id of a message, taken as if it were not sent. */
  readonly guarded?: readonly number[];
  readonly refusedCount: number;
  /** The first thousand of the lines refused, with all that is wrong with each. */
  readonly refused: readonly RefusedLine[];
  /** Cells that are not what they should be, and parts that are more than a visitor may have: the rest is taken. */
  readonly leftOutCount?: number;
  /** The first thousand of the lines that have such. */
  readonly leftOut?: readonly RefusedLine[];
  /** Texts that are numbers in another writing, such as `1.234,50`, by name: they stay texts and count as none. */
  readonly unreadNumbers?: readonly UnreadNumber[];
}

/** A line that was not imported. */
export interface RefusedLine {
  readonly line: number;
  readonly problems: readonly Problem[];
}

interface Row {
  readonly line: number;
  /** In characters. */
  readonly size: number;
  readonly history?: History;
  readonly clamped?: true;
  readonly guarded?: true;
  readonly problems?: readonly Problem[];
  readonly leftOut?: readonly LeftOut[];
}

/** A line may hold the history of a whole life, in characters. */
const MAX_LINE_LENGTH = 8 * 1024 * 1024;
/** A group ends with the line that brings it to so many people, things said of them, or characters. */
const GROUP_SIZE = 500;
const GROUP_WEIGHT = 5_000;
const GROUP_LENGTH = MAX_LINE_LENGTH;
const MAX_REFUSED_LISTED = 1_000;
const MOST_SHOWN = 60;

/** What comes, and how it is written. */
export interface ImportBody {
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly format: 'csv' | 'ndjson';
  /** The encoding where it is declared. */
  readonly charset?: string | undefined;
  /** Of a CSV, where it is declared. */
  readonly delimiter?: string | undefined;
}

/**
 * Reads people and their histories from a stream in constant memory; good lines are stored, bad ones listed. Throws
 * {@link MalformedBody} where it can't be read any further, and says what is stored of it.
 */
export async function importVisitors(body: ImportBody, importer: HistoryImporter): Promise<ImportSummary> {
  const tally = new ImportTally();
  const read = body.format === 'csv' ? csvRows : ndjsonRows;
  const rows = read(body, importer.guarded);
  try {
    for await (const group of inGroups(rows)) {
      const told = group.filter((row): row is Row & { readonly history: History } => row.history !== undefined);
      const tooMuch = await importer.import(told.map(({ history }) => history));
      importer.metGuarded(group.filter(({ guarded }) => guarded).length);
      tally.add(group, new Map(told.map(({ line }, index) => [line, tooMuch[index] ?? []])));
    }
  } catch (error) {
    throw error instanceof MalformedBody ? tally.brokenOff(error) : error;
  }
  return tally.summary();
}

/** Counts what became of the lines. */
class ImportTally {
  private accepted = 0;
  private refusedCount = 0;
  private leftOutCount = 0;
  private lastLine = 0;
  private readonly refused: RefusedLine[] = [];
  private readonly leftOut: RefusedLine[] = [];
  private readonly clamped: number[] = [];
  private guardedCount = 0;
  private readonly guarded: number[] = [];
  private readonly numbers = new UnreadNumbers();

  /** With what of each line was too much for its person. */
  add(group: readonly Row[], tooMuch: ReadonlyMap<number, readonly Problem[]>): void {
    for (const { line, history, problems, leftOut = [], clamped, guarded } of group) {
      this.lastLine = line;
      for (const { properties } of history?.interactions ?? []) this.numbers.look('properties', properties, line);
      for (const { traits } of history?.traits ?? []) this.numbers.look('traits', traits, line);
      if (clamped) list(this.clamped, line);
      if (guarded) this.guardedCount += list(this.guarded, line);
      if (problems) this.refusedCount += list(this.refused, { line, problems });
      else this.accepted++;
      const left = [...leftOut.map(toProblem), ...(tooMuch.get(line) ?? [])];
      if (problems || left.length === 0) continue;
      list(this.leftOut, { line, problems: tellProblems(left) });
      this.leftOutCount += left.length;
    }
  }

  summary(): ImportSummary {
    const { accepted, clamped, guardedCount, guarded, refusedCount, refused, leftOutCount, leftOut } = this;
    const unreadNumbers = this.numbers.all();
    return {
      accepted,
      ...(clamped.length > 0 && { clamped }),
      ...(guardedCount > 0 && { guardedCount, guarded }),
      refusedCount,
      refused,
      ...(leftOutCount > 0 && { leftOutCount, leftOut }),
      ...(unreadNumbers.length > 0 && { unreadNumbers }),
    };
  }

  brokenOff({ message }: UsherError): UsherError {
    const before = this.lastLine === 0 ? 'Nothing of it is stored.' : this.told();
    return new MalformedBody(`${message} ${before} Send all of it again when that is mended: nothing is stored twice.`);
  }

  private told(): string {
    return `Of the lines up to ${this.lastLine}, ${this.accepted} are stored and ${this.refusedCount} refused.`;
  }
}

function list<T>(lines: T[], line: T): 1 {
  if (lines.length < MAX_REFUSED_LISTED) lines.push(line);
  return 1;
}

function toProblem({ reason, example }: LeftOut): Problem {
  return { path: '', message: `${reason}: ${JSON.stringify(example.slice(0, MOST_SHOWN))} is left out` };
}

/** Where the rows can't be read any further, those before come first. */
async function* inGroups(rows: AsyncIterable<Row>): AsyncGenerator<Row[]> {
  let group: Row[] = [];
  let [weight, length] = [0, 0];
  try {
    for await (const row of rows) {
      group.push(row);
      weight += row.history ? row.history.interactions.length + row.history.traits.length : 0;
      length += row.size;
      if (group.length < GROUP_SIZE && weight < GROUP_WEIGHT && length < GROUP_LENGTH) continue;
      yield group;
      group = [];
      [weight, length] = [0, 0];
    }
  } catch (error) {
    if (group.length > 0) yield group;
    throw error;
  }
  if (group.length > 0) yield group;
}

async function* ndjsonRows({ bytes, charset }: ImportBody, guarded: GuardedIds): AsyncGenerator<Row> {
  for await (const { number, text, problem } of readLines(bytes, { maxLength: MAX_LINE_LENGTH, charset })) {
    if (text === undefined) yield { line: number, size: 0, problems: [{ path: '', message: problem }] };
    else yield { line: number, size: text.length, ...(await readLine(text, guarded)) };
  }
}

async function readLine(
  text: string,
  guarded: GuardedIds,
): Promise<Pick<Row, 'history' | 'clamped' | 'guarded' | 'problems'>> {
  try {
    const line = text.length < LONG_JSON ? parseJson(text, 'line', 'body') : await jsonInTurns(text, 'line', 'body');
    for (const steps = historySteps(line, Date.now(), guarded); ;) {
      const step = steps.next();
      if (step.done) return step.value;
      await nextTurn();
    }
  } catch (error) {
    return { problems: [{ path: '', message: error instanceof UsherError ? error.message : String(error) }] };
  }
}

/** A header with `visitorId`, which {@link ownMapper} reads. Cells are texts, and empty ones say nothing. */
async function* csvRows({ bytes, charset, delimiter }: ImportBody, guarded: GuardedIds): AsyncGenerator<Row> {
  const { columns, rows } = await openTable(toUtf8(bytes, charset), delimiter);
  const map = ownMapper(columns, 'visitors');
  if (columns.length === 0) return;
  if (!map)
    throw new MalformedBody(
      `The table has no column visitorId, only ${columns.map((name) => JSON.stringify(name)).join(', ')}. ` +
        'Name the column that says who visitorId, or use the command "usher import" with a mapping.',
    );
  for await (const row of rows) {
    const mapped = 'reason' in row ? row : map(row, () => '');
    if ('reason' in mapped) yield { line: mapped.line, size: 0, problems: [refusedFor(mapped)] };
    else {
      const size = 'identity' in row ? row.identity.length : 0;
      yield { line: row.line, size, leftOut: mapped.leftOut, ...readHistory(mapped.body, Date.now(), guarded) };
    }
  }
}

function refusedFor({ column = '', reason }: RefusedRow): Problem {
  return { path: column, message: reason };
}
