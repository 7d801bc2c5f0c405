/**
 * How long it takes to find the rules that hold, beside what else could find them: `npm run bench:engine`. Each row is
 * measured in a process of its own. `--rules 1000,10000` measures only those. The last line is JSON.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { head, inWords, line, toJson, type LeftOut } from './engine-report.ts';
import type { Row } from './engine-row.ts';
import { measureVisitors } from './engine-visitors.ts';

const LEFT_OUT: readonly LeftOut[] = [
  {
    name: 'jsonRulesEngine',
    rules: 100_000,
    scoped: false,
    why: 'json-rules-engine over all of 100,000 rules: two seconds a call, so that enough of them take minutes',
  },
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
const visitors = [await measureVisitors(1), await measureVisitors(0.25)];
console.log(['', ...visitors.map(inWords), ''].join('\n'));
console.log(toJson(rows, visitors.flat()));

async function measure(rules: number, scoped: boolean): Promise<Row> {
  const without = LEFT_OUT.filter((one) => one.rules === rules && one.scoped === scoped)
    .map((one) => one.name)
    .join();
  const args = [
    '--expose-gc',
    join(import.meta.dirname, 'engine-row.ts'),
    '--rules',
    `${rules}`,
    '--without',
    without,
    ...(scoped ? ['--scoped'] : []),
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as Row;
}
