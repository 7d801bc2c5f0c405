import { packIds } from '../src/stores/sqlite-blocks/id-hashes.js';
import { linesOf } from '../src/stores/sqlite-blocks/lines.js';
import type { SqliteDatabase } from '../src/stores/sqlite/sqlite-database.js';
import type { BlockKind } from '../src/stores/sqlite-writer/block-statements.js';

interface Said {
  readonly visitorId: string;
  readonly decidedAt: number;
}

/** Where what is known of blocks does not fit what is in them. */
export function blockProblems(database: SqliteDatabase, kind: BlockKind): string[] {
  const spans = database.prepare(`SELECT * FROM ${kind}_spans ORDER BY seq`).all();
  const bodies = database.prepare(`SELECT seq, body FROM ${kind}_blocks ORDER BY seq`).all();
  const counted = database.prepare('SELECT * FROM block_counts WHERE kind = ?').get(kind);
  const told = (fact: string, has: unknown, wanted: unknown) =>
    JSON.stringify(has) === JSON.stringify(wanted)
      ? []
      : [`${fact}: ${JSON.stringify(has)}, not ${JSON.stringify(wanted)}`];
  return [
    ...(kind === 'recorded' ? stateProblems(database) : []),
    ...told(
      'blocks',
      spans.map(({ seq }) => seq),
      bodies.map(({ seq }) => seq),
    ),
    ...spans.flatMap((span, at) => {
      const [seq, body] = [Number(span['seq']), String(bodies[at]?.['body'])];
      const said = linesOf(seq, body).map(({ line }) => JSON.parse(line) as Said);
      const times = said.map(({ decidedAt }) => decidedAt);
      const place = `block ${seq}`;
      return [
        ...told(`${place} count`, span['count'], body.split('\n').length),
        ...told(`${place} length`, span['length'], body.length),
        ...told(`${place} times`, [span['first_at'], span['last_at']], [Math.min(...times), Math.max(...times)]),
        ...(kind === 'decision' ? told(`${place} ids`, span['ids'], packIds(said.map((one) => one.visitorId))) : []),
        ...(seq + Number(span['count']) > Number(spans[at + 1]?.['seq'] ?? counted?.['next'])
          ? [`${place} overlaps`]
          : []),
      ];
    }),
    ...told(
      'bytes',
      counted?.['bytes'],
      spans.reduce((sum, span) => sum + Number(span['length']), kind === 'recorded' ? documentBytes(database) : 0),
    ),
  ];
}

function documentBytes(database: SqliteDatabase): number {
  const sum = database.prepare('SELECT coalesce(sum(length(document)), 0) AS bytes FROM recorded_documents').get();
  return Number(sum?.['bytes']);
}

/** Where what blocks name are not the states that are there, as often. */
function stateProblems(database: SqliteDatabase): string[] {
  const named = new Map<number, number>();
  for (const { states } of database.prepare('SELECT states FROM recorded_spans').all())
    for (const seq of new Float64Array((states as Uint8Array).slice().buffer))
      named.set(seq, (named.get(seq) ?? 0) + 1);
  const keys = database.prepare('SELECT seq, uses FROM recorded_keys ORDER BY seq').all();
  const documents = database.prepare('SELECT seq FROM recorded_documents ORDER BY seq').all();
  const [uses, wanted] = [keys.map(({ seq, uses: some }) => [seq, some]), [...named].sort(([a], [b]) => a - b)];
  return [
    ...(JSON.stringify(uses) === JSON.stringify(wanted) ? [] : [`states ${JSON.stringify([uses, wanted])}`]),
    ...(keys.map(({ seq }) => seq).join() === documents.map(({ seq }) => seq).join() ? [] : ['documents']),
  ];
}
