import type { SqliteFile } from './sqlite-file.js';

/** What is written of the figures of offers. */
export function figureWrites(file: SqliteFile) {
  const select = file.prepare('SELECT version FROM offer_figures');
  const put = file.prepare(
    'INSERT INTO offer_figures (one, version, body) VALUES (1, ?, ?) ' +
      'ON CONFLICT (one) DO UPDATE SET version = excluded.version, body = excluded.body',
  );
  return {
    /** False where another was quicker. */
    putOfferFigures: (version: number, body: string): boolean => {
      if (Number(select.get()?.['version'] ?? 0) !== version - 1) return false;
      put.run(version, body);
      return true;
    },
  };
}
