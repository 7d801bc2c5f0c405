import { packIds } from '../src/stores/sqlite-blocks/id-hashes.js';
import { linesOf } from '../src/stores/sqlite-blocks/lines.js';
import type { SqliteDatabase } from '../src/stores/sqlite/sqlite-database.js';
import type { BlockKind } from '../src/stores/sqlite-writer/block-writes.js';

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
    ...(kind === 'decision'
      ? told(
          'bytes',
          counted?.['bytes'],
          spans.reduce((sum, span) => sum + Number(span['length']), 0),
        )
      : []),
  ];
}
