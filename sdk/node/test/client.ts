import { importBuilt } from '../../../test/e2e/built.js';
import type * as sdk from '../src/usher.js';

/** The package as it is built, loaded by Node itself, as those load it who use it. */
export const { Usher, UsherError } = await importBuilt<typeof sdk>('../sdk/node/dist/usher.js');

/** A client, by its type. */
export type UsherClient = sdk.Usher;
/** An error, by its type. */
export type UsherFault = sdk.UsherError;

/** All that comes. */
export async function all<T>(from: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const one of from) list.push(one);
  return list;
}

/** What a promise is rejected with; one that is not is a failed test. */
export async function fault(promise: Promise<unknown>): Promise<UsherFault> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof UsherError) return error;
    throw new Error(`rejected with what is no UsherError: ${String(error)}`, { cause: error });
  }
  throw new Error('was not rejected');
}
