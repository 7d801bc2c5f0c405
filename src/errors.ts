/** One thing wrong with an input: where, and what to do about it. */
export interface Problem {
  /** Where in the input, such as `placements[0].id`; empty for the whole of it. */
  readonly path: string;
  readonly message: string;
}

/** So many problems are told, and of the others how many there are: nobody mends more than these at a time. */
export const MOST_PROBLEMS = 20;
/** What stands in a problem may be the caller's own word, of any length. */
const MOST_CHARACTERS = { path: 300, message: 2_000 };

/** Problems as they are told. `count` is how many there are, where not all of them are at hand. */
export function tellProblems(problems: readonly Problem[], count = problems.length): readonly Problem[] {
  const told = problems.slice(0, MOST_PROBLEMS).map(({ path, message }) => ({
    path: shortened(path, MOST_CHARACTERS.path),
    message: shortened(message, MOST_CHARACTERS.message),
  }));
  return count > told.length ? [...told, { path: '', message: `and ${count - told.length} more` }] : told;
}

function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most).toWellFormed()}…` : text;
}

/**
 * An error that a person or a client is meant to read. At most {@link MOST_PROBLEMS} of its problems are kept. `code`
 * is stable; all codes are in `docs/reasons-and-errors.md`.
 */
export class UsherError extends Error {
  override readonly name = 'UsherError';
  readonly problems: readonly Problem[];
  /** In how many seconds it is worth trying again, where that is known. */
  readonly retryAfterS: number | undefined;
  /** Where something was changed meanwhile: as it is now. */
  readonly current: object | undefined;

  constructor(
    readonly code: string,
    readonly status: number,
    { message, problems = [], retryAfterS, current }: Told,
  ) {
    super(message);
    this.problems = tellProblems(problems);
    this.retryAfterS = retryAfterS;
    this.current = current;
  }
}

/** What an error tells. */
interface Told {
  readonly message: string;
  readonly problems?: readonly Problem[];
  readonly retryAfterS?: number;
  readonly current?: object;
}

type Make<A extends unknown[]> = (...args: A) => Told;

function defineError<A extends unknown[]>(code: string, status: number, make: Make<A>) {
  const Coded = class extends UsherError {
    static readonly code = code;
    constructor(...args: A) {
      super(code, status, make(...args));
    }
  };
  registry.set(code, status);
  return Coded;
}

const registry = new Map<string, number>();

/** Every code with its HTTP status (0: never answered over HTTP). The docs are held against this. */
export const errorCodes: ReadonlyMap<string, number> = registry;

export const InvalidRequest = defineError('INVALID_REQUEST', 400, (problems: readonly Problem[]) => ({
  message: `The request has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}.`,
  problems,
}));

export const MalformedBody = defineError('MALFORMED_BODY', 400, (message: string) => ({
  message,
  problems: [{ path: '', message }],
}));

export const Unauthenticated = defineError('UNAUTHENTICATED', 401, (cameWithKey: boolean) => {
  const why = cameWithKey
    ? 'The key that came with the request is not known here.'
    : 'This needs a key, and none came with the request.';
  const message = `${why} Send one as "Authorization: Bearer <key>", or as the user name of Basic.`;
  return { message, problems: [{ path: '', message }] };
});

export const Forbidden = defineError('FORBIDDEN', 403, (what: string, scopes: readonly string[]) => {
  const message =
    `${what} needs a key of the scope ${scopes.join(' or ')}. The key that came with the request is known, ` +
    'but is for less.';
  return { message, problems: [{ path: '', message }] };
});

/** `said` is what came in the header; undefined where it did not come. */
export const HostRefused = defineError('HOST_REFUSED', 403, (header: string, said: string | undefined) => {
  const came = said === undefined ? `No ${header} came with the request` : `The ${header} "${said.slice(0, 200)}"`;
  const message =
    `${came}${said === undefined ? '' : ' is not known here'}. Assistants may call this service as localhost, by the ` +
    'HOST that it listens on, and by the names in USHER_ASSISTANT_HOSTS: add the one that they use.';
  return { message, problems: [{ path: header, message }] };
});

export const ApprovalNeeded = defineError('APPROVAL_NEEDED', 403, (version: number, who: string) => {
  const message =
    `Release ${version} was published by ${who}, and with USHER_APPROVALS another has to activate it: ` +
    'show another key of the scope approver or admin.';
  return { message, problems: [{ path: '', message }] };
});

export const SlowBody = defineError('SLOW_BODY', 408, () => {
  const message = 'The body of the request took too long to come. Send it in one go, or in smaller parts.';
  return { message, problems: [{ path: '', message }] };
});

export const BodyTooLarge = defineError('BODY_TOO_LARGE', 413, (limitBytes: number) => {
  const message = `The body is larger than the limit of ${limitBytes} bytes. Send it in several requests.`;
  return { message, problems: [{ path: '', message }] };
});

export const UnsupportedMediaType = defineError('UNSUPPORTED_MEDIA_TYPE', 415, (got: string, wanted: string) => {
  const message = `The content type ${got} is not understood here. Send ${wanted}.`;
  return { message, problems: [{ path: '', message }] };
});

export const TargetingKeyMissing = defineError('TARGETING_KEY_MISSING', 400, () => {
  const message = 'Who is asked for is missing. Set "targetingKey" in the evaluation context to any id of the visitor.';
  return { message, problems: [{ path: 'context.targetingKey', message }] };
});

export const FlagNotFound = defineError('FLAG_NOT_FOUND', 404, (key: string, known: readonly string[]) => {
  const message = `There is no placement "${key.slice(0, 64)}"; the placements are ${[...known].sort().join(', ')}`;
  return { message, problems: [{ path: 'key', message }] };
});

export const NotFound = defineError('NOT_FOUND', 404, (message: string) => ({
  message,
  problems: [{ path: '', message }],
}));

export const RolloutRefused = defineError('ROLLOUT_REFUSED', 409, (message: string) => ({
  message,
  problems: [{ path: '', message }],
}));

/** `current` is the draft as it is now. */
export const DraftChanged = defineError(
  'DRAFT_CHANGED',
  409,
  (current: { readonly id: string; readonly revision: number; readonly who: string }) => {
    const message =
      `Draft ${current.id} is at revision ${current.revision}, changed last by ${current.who}, and nothing was ` +
      'changed now. "current" is what it is: bring your changes into it, and send them with that revision.';
    return { message, problems: [{ path: 'revision', message }], current };
  },
);

/** `both` are the files of the draft that were changed since as well. */
export const DraftBehind = defineError(
  'DRAFT_BEHIND',
  409,
  (
    draft: { readonly id: string; readonly base: number },
    { live, both }: { readonly live: number; readonly both: readonly string[] },
  ) => {
    const message =
      `Draft ${draft.id} changes release ${draft.base}, and release ${live} is live: published as it is, it would ` +
      `undo what was done since. Change it to "base": ${live}, and look at what both changed: ` +
      `${both.length === 0 ? 'no file' : `${both.length} of its files, named in "problems"`}.`;
    const problems = both.map((path) => ({ path, message: `was changed since release ${draft.base} as well` }));
    return { message, problems: [{ path: 'base', message }, ...problems] };
  },
);

export const TooManyDrafts = defineError('TOO_MANY_DRAFTS', 409, (count: number) => {
  const message =
    `There are ${count} drafts already, and no more are kept. ` + 'Publish or delete some, or raise USHER_KEEP_DRAFTS.';
  return { message, problems: [{ path: '', message }] };
});

export const SplitRefused = defineError('SPLIT_REFUSED', 409, (message: string) => ({
  message,
  problems: [{ path: 'id', message }],
}));

export const ReleaseRefused = defineError('RELEASE_REFUSED', 422, (problems: readonly Problem[]) => ({
  message:
    'No release is made of these rule files; they have ' +
    `${problems.length === 1 ? 'a problem' : `${problems.length} problems`}.`,
  problems,
}));

/** `limit` is what was passed, and `doing` what was done then, as far as it is known. */
export const CheckTooCostly = defineError(
  'CHECK_TOO_COSTLY',
  422,
  (limit: string, doing?: { readonly what: string; readonly file: string }) => {
    const where = doing ? `, while ${doing.what} ${doing.file}` : '';
    const message = `Checking the rule files took more than ${limit}${where}, and was given up. Make them simpler.`;
    return { message, problems: [{ path: doing?.file ?? '', message }] };
  },
);

export const RateLimited = defineError('RATE_LIMITED', 429, (what: string, perMinute: number, retryAfterS: number) => {
  const message = `This key may ${what} ${perMinute} times a minute, and has. Try again in ${retryAfterS} s.`;
  return { message, problems: [{ path: '', message }], retryAfterS };
});

export const TooManyStreams = defineError('TOO_MANY_STREAMS', 429, (whose: string, most: number) => {
  const message = `${whose} has ${most} streams open, which is the most. Ask again from time to time instead.`;
  return { message, problems: [{ path: '', message }], retryAfterS: 60 };
});

/** A part may have been stored before the rest could not be, or all of it without a word of the store on it. */
const WHAT_IS_STORED =
  'some of what was sent may be stored already, and an event with a messageId or a time is not stored twice.';

export const Overloaded = defineError('OVERLOADED', 503, (what: string) => ({
  message: `${what} Try again in a moment; ${WHAT_IS_STORED}`,
}));

export const StoreUnavailable = defineError('STORE_UNAVAILABLE', 503, (why: string) => ({
  message: `The store does not answer (${why}). Try again; ${WHAT_IS_STORED}`,
}));

export const Stopping = defineError('STOPPING', 503, (line: number) => {
  const message =
    `The service is being stopped: all lines before line ${line} are answered, and none from there on was decided. ` +
    'Send those again.';
  return { message, problems: [{ path: '', message }] };
});

export const Internal = defineError('INTERNAL', 500, () => ({
  message: 'Something went wrong that should not. The log has the details.',
}));

export const InvalidSettings = defineError('INVALID_SETTINGS', 0, (problems: readonly Problem[]) => ({
  message: `The settings have problems:\n${problems.map((p) => `  ${p.path}: ${p.message}`).join('\n')}`,
  problems,
}));

export const BrokenRulebook = defineError('BROKEN_RULEBOOK', 0, (problems: readonly string[]) => ({
  message:
    `The rule files have ${problems.length} problem${problems.length === 1 ? '' : 's'}:\n` +
    `${tellProblems(problems.map((message) => ({ path: '', message })))
      .map(({ message }) => `  ${message}`)
      .join('\n')}`,
}));

export const CorruptDocument = defineError('CORRUPT_DOCUMENT', 0, (why: string) => ({
  message: `A stored visitor document can't be read: ${why}.`,
}));

export const CommandFailed = defineError('COMMAND_FAILED', 0, (message: string) => ({ message }));
