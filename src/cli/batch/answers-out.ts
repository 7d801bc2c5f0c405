import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { once } from 'node:events';
import { isObject } from '../../engine/language/is-object.js';
import { CommandFailed } from '../../errors.js';
import { readLines, type Line } from '../../doors/tables/ndjson.js';
import type { LineAnswer } from './decide-requests.js';
import type { RowRequest } from './row-request.js';

const BLOCK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;
/** More than an answer to 30 placements takes. */
const LONGEST_LINE = 64 * 1024 * 1024;

/**
 * Where the answers go: standard output, or a file that may hold the answers to the first rows already, from a run that
 * was broken off. A line that was cut off then is taken away.
 */
export class AnswersOut {
  private line = 0;

  private constructor(
    private readonly path: string,
    private readonly file: FileHandle | undefined,
    private readonly before: AsyncIterator<Line>,
  ) {}

  /** Undefined: standard output. Throws `CommandFailed` where the file can't be written. */
  static async open(path: string | undefined): Promise<AnswersOut> {
    if (path === undefined) return new AnswersOut('', undefined, linesOf([]));
    try {
      const file = await open(path, 'a+');
      await file.truncate(await wholeLines(file));
      return new AnswersOut(path, file, readLines(createReadStream(path), { maxLength: LONGEST_LINE }));
    } catch (error) {
      throw new CommandFailed(`${path} can't be written: ${(error as Error).message}. Name another file with --out.`);
    }
  }

  /**
   * Whether the row is answered already: asked for the rows in their order. Throws `CommandFailed` where the file has
   * something else in that place.
   */
  async hasAnswerTo({ number, visitorId }: RowRequest): Promise<boolean> {
    const next = await this.before.next();
    if (next.done) return false;
    this.line++;
    const answer = answerIn(next.value.text);
    if (!answer) throw this.foreign(`line ${this.line} is no answer of usher decide --batch`);
    if (answer.visitorId !== undefined && visitorId !== undefined && answer.visitorId !== visitorId)
      throw this.foreign(`line ${this.line} answers "${answer.visitorId}", and row ${number} is "${visitorId}"`);
    return true;
  }

  /** Throws `CommandFailed` where the file has more answers than there are rows. */
  async expectNoMore(): Promise<void> {
    if (!(await this.before.next()).done) throw this.foreign(`it has more lines than there are rows, ${this.line}`);
  }

  async write(answers: readonly LineAnswer[]): Promise<void> {
    const text = answers.map((answer) => `${JSON.stringify(answer)}\n`).join('');
    if (this.file) await this.file.appendFile(text);
    else if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  }

  async close(): Promise<void> {
    await this.before.return?.();
    await this.file?.close();
  }

  private foreign(why: string): Error {
    return new CommandFailed(
      `${this.path} holds something else than the answers to these rows: ${why}. Name another file with --out.`,
    );
  }
}

async function* linesOf(lines: readonly Line[]): AsyncGenerator<Line> {
  yield* lines;
}

/** How many bytes a file has up to its last newline. */
async function wholeLines(file: FileHandle): Promise<number> {
  const { size } = await file.stat();
  const block = Buffer.alloc(BLOCK_BYTES);
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - BLOCK_BYTES);
    await file.read(block, 0, end - start, start);
    const newline = block.subarray(0, end - start).lastIndexOf(NEWLINE);
    if (newline >= 0) return start + newline + 1;
    end = start;
  }
  return 0;
}

function answerIn(text: string | undefined): LineAnswer | undefined {
  try {
    const answer: unknown = JSON.parse(text ?? '');
    return isObject(answer) && ('decisions' in answer || 'error' in answer) ? answer : undefined;
  } catch {
    return undefined;
  }
}
