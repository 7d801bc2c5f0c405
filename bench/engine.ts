/**
 * How long it takes to find the rules that hold, beside what else could find them: `npm run bench:engine`. Each row is measured
 * in a process of its own. `--rules 1000,10000` measures only those. The last line is JSON.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { head, line, toJson, type LeftOut } from './engine-report.ts';
import type { Row } from './engine-row.ts';

const LEFT_OUT: readonly LeftOut[] = [
  { name: 'jsonRulesEngine', rules: 100_000, why: 'json-rules-engine at 100,000 rules: a run takes seconds and its rule objects over a gigabyte' },
];

const { values } = parseArgs({ options: { rules: { type: 'string', default: '10,100,1000,10000,100000' } } });
const rows: Row[] = [];
console.log(head());
for (const scoped of [false, true]) {
  for (const rules of values.rules.split(',').map(Number)) {
    const row = await measure(rules, scoped);
    rows.push(row);
    console.log(line(row));
  }
}
for (const { why } of LEFT_OUT) console.log(`left out: ${why}`);
console.log(toJson(rows));

async function measure(rules: number, scoped: boolean): Promise<Row> {
  const without = LEFT_OUT.filter((one) => one.rules === rules).map((one) => one.name).join();
  const args = ['--expose-gc', join(import.meta.dirname, 'engine-row.ts'), '--rules', `${rules}`, '--without', without, ...(scoped ? ['--scoped'] : [])];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as Row;
}
