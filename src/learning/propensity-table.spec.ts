import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { shelf } from '../../test/shelf.js';
import { SqliteDatabase } from '../stores/sqlite/sqlite-database.js';
import { SqliteOfferFigures } from '../stores/sqlite/sqlite-offer-figures.js';
import { MOST_PROPENSITIES, PropensityTable } from './propensity-table.js';

const { rulebook } = shelf({
  placements: {
    home: { arbitration: 'score' },
    off: { arbitration: 'score', score: { propensity: false } },
    plain: {},
  },
  rules: {
    loan: { offer: 'loan', placements: ['home', 'off', 'plain'] },
    camera: { offer: 'camera', placements: ['home'] },
    bike: { offer: 'bike', placements: ['plain'] },
  },
});

describe('the table of propensities', () => {
  let database: SqliteDatabase;
  let figures: SqliteOfferFigures;
  const tables: PropensityTable[] = [];

  /** As another process has it. */
  async function another(): Promise<PropensityTable> {
    const table = new PropensityTable(figures);
    tables.push(table);
    await table.onModuleInit();
    return table;
  }
  const asked = (table: PropensityTable, ...ids: string[]) =>
    table.for(
      rulebook,
      ids.map((id) => ({ id })),
    );

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    database = SqliteDatabase.open(':memory:');
    figures = new SqliteOfferFigures(database);
  });
  afterEach(() => {
    for (const table of tables.splice(0)) table.beforeApplicationShutdown();
    jest.useRealTimers();
    void database.close();
  });

  test('has for a decision what its placements may ask for, and no more', async () => {
    const table = await another();
    expect(asked(table, 'home')).toBeUndefined();
    await table.put([
      { offer: 'loan', segment: 'rich', propensity: 0.2 },
      { offer: 'bike', segment: 'rich', propensity: 0.3 },
      { offer: 'loan', segment: 'pets', propensity: 0.1 },
      { offer: 'loan', segment: 'rich', propensity: 0.4 },
    ]);
    expect(asked(table, 'home', 'plain')).toEqual({ loan: { pets: 0.1, rich: 0.4 } });
    expect(asked(table, 'off', 'plain', 'nowhere')).toBeUndefined();
    await table.put([
      { offer: 'loan', segment: 'rich', propensity: null },
      { offer: 'camera', segment: 'pets', propensity: 1 },
    ]);
    expect(asked(table, 'home')).toEqual({ camera: { pets: 1 }, loan: { pets: 0.1 } });
  });

  test('tells other processes within five seconds, and loses nothing when two are told at once', async () => {
    const [one, other] = [await another(), await another()];
    await Promise.all([
      one.put([{ offer: 'loan', segment: 'rich', propensity: 0.2 }]),
      other.put([{ offer: 'camera', segment: 'rich', propensity: 0.3 }]),
      jest.advanceTimersByTimeAsync(1_000),
    ]);
    await jest.advanceTimersByTimeAsync(5_000);
    const both = { camera: { rich: 0.3 }, loan: { rich: 0.2 } };
    expect([asked(one, 'home'), asked(other, 'home'), asked(await another(), 'home')]).toEqual([both, both, both]);
  });

  test('has an end', async () => {
    const table = await another();
    const rows = Array.from({ length: MOST_PROPENSITIES + 1 }, (_, at) => ({
      offer: 'loan',
      segment: `s${at}`,
      propensity: 0,
    }));
    await table.put(rows.slice(1));
    await expect(table.put(rows.slice(0, 1))).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
  });
});
