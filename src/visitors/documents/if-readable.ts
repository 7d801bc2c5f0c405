import { CorruptDocument } from '../../errors.js';

/** What a look at a document gives; undefined where it can't be read, which is for its next reader to set aside. */
export function ifReadable<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof CorruptDocument) return undefined;
    throw error;
  }
}
