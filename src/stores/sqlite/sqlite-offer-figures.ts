import { type Figures, NO_FIGURES, OfferFigures } from '../offer-figures.js';
import type { SqliteDatabase, Statement } from './sqlite-database.js';

/** Figures of offers, in a SQLite file. */
export class SqliteOfferFigures extends OfferFigures {
  private readonly select: Statement;
  private readonly selectVersion: Statement;

  /** The database is closed by whoever opened it. */
  constructor(private readonly database: SqliteDatabase) {
    super();
    this.select = database.prepare('SELECT version, body FROM offer_figures');
    this.selectVersion = database.prepare('SELECT version FROM offer_figures');
  }

  async read(): Promise<Figures> {
    const row = await this.database.run(() => this.select.get());
    return row ? { version: Number(row['version']), body: String(row['body']) } : NO_FIGURES;
  }

  async version(): Promise<number> {
    const row = await this.database.run(() => this.selectVersion.get());
    return Number(row?.['version'] ?? 0);
  }

  async put({ version, body }: Figures): Promise<boolean> {
    return this.database.write('putOfferFigures', version, body);
  }
}
