import { readFileSync } from 'node:fs';
import { decodeBytes } from '../../doors/bytes/decode-bytes.js';
import type { Source } from '../../doors/mapping/column-source.js';
import { readMapping, type Mapping } from '../../doors/mapping/mapping.js';
import { CommandFailed } from '../../errors.js';
import { wantedNumbers } from '../../rulebook/kinds/passed-over.js';
import { readRules } from '../../rulebook/kinds/read-rules.js';
import type { RuleProblem } from '../../rulebook/read/rule-problem.js';

/**
 * Warns of each property of a mapping of events that an aggregate of the rules in a folder wants as a number, and whose
 * column is not read as one. Throws `CommandFailed` where the mapping can't be used.
 */
export function checkMapping(file: string, dir: string): RuleProblem[] {
  const mapping = readMapping(textOf(file), 'events', file);
  const wanted = wantedNumbers(readRules(dir).files).filter(({ event }) => mayHave(mapping, event));
  return mapping.fields.flatMap(([name, source]) => {
    const by = wanted.find(({ property }) => property === name)?.by;
    const message = by === undefined ? undefined : warning(name, source, by);
    return message === undefined ? [] : [{ file, line: 1, column: 1, message }];
  });
}

function textOf(file: string): string {
  try {
    return decodeBytes(readFileSync(file));
  } catch (error) {
    if (error instanceof CommandFailed) throw error;
    throw new CommandFailed(`The mapping ${file} can't be read as text. Is it there?`);
  }
}

/** Which events a column holds is not known beforehand. */
function mayHave({ event }: Mapping, wanted: unknown): boolean {
  return wanted === undefined || !event || !('value' in event) || event.value === wanted;
}

function warning(name: string, source: Source, by: string): string | undefined {
  if (!('column' in source) || source.type === 'number' || source.type === 'json') return undefined;
  const read = source.type === undefined ? 'as it stands in the file' : `with "type": "${source.type}"`;
  return (
    `"${name}" is read ${read}, and the ${by} passes over what is no number; say "type": "number", ` +
    'with "decimal": "," where numbers are written so'
  );
}
