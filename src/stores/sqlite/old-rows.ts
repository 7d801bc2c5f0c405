import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SqliteDatabase, Statement } from './sqlite-database.js';

/**
 * The rows of a record that an earlier Usher wrote one by one. They are moved into blocks while others are served; who
 * reads waits until none is left.
 */
export class OldRows {
  private readonly selectOne: Statement;
  private moving: Promise<void> | undefined;
  private areGone = false;

  /** `tables` are theirs; `move` moves some of them. */
  constructor(
    private readonly database: SqliteDatabase,
    tables: readonly string[],
    private readonly move: () => Promise<number>,
  ) {
    const any = tables.map((table) => `EXISTS (SELECT 1 FROM ${table})`).join(' OR ');
    this.selectOne = database.prepare(`SELECT 1 WHERE ${any}`);
  }

  /** Begins to move them, where that is not under way. Never throws: who needs it done asks for {@link gone}. */
  begin(): void {
    if (!this.areGone) this.gone().catch(() => undefined);
  }

  /** Resolves when none is left; rejects when they can't be moved now. Then another call tries again. */
  async gone(): Promise<void> {
    if (this.areGone) return;
    this.moving ??= this.moveAll().finally(() => (this.moving = undefined));
    await this.moving;
  }

  private async moveAll(): Promise<void> {
    while (await this.database.run(() => this.selectOne.get())) {
      await this.move();
      await nextTurn();
    }
    this.areGone = true;
  }
}
