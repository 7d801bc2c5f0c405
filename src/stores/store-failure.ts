import { StoreUnavailable, UsherError } from '../errors.js';

/** What a store rejects with: {@link StoreUnavailable}, with what the driver said in `cause` for the log. */
export function storeFailure(why: string, cause: unknown): UsherError {
  if (cause instanceof UsherError) return cause;
  const failure = new StoreUnavailable(why);
  failure.cause = cause;
  return failure;
}
