/** What a key may be for. */
export const SCOPES = ['browser', 'desk', 'server', 'author', 'approver', 'assistant', 'admin'] as const;
/** One of {@link SCOPES}; `docs/operations.md` says what each may do. */
export type Scope = (typeof SCOPES)[number];

/** Everything: what a caller may do where no keys are set. */
export const ALL_SCOPES: ReadonlySet<Scope> = new Set(SCOPES);
/** What a caller without a key may do where keys are set. */
export const NO_SCOPES: ReadonlySet<Scope> = new Set();

const GRANTS: Readonly<Record<Scope, ReadonlySet<Scope>>> = {
  browser: new Set(['browser']),
  desk: new Set(['desk']),
  server: new Set(['server', 'desk', 'browser']),
  author: new Set(['author', 'assistant']),
  approver: new Set(['approver', 'author', 'assistant']),
  assistant: new Set(['assistant']),
  admin: ALL_SCOPES,
};

/** All that a key of this scope may do: its own scope and those within it. */
export function grantsOf(scope: Scope): ReadonlySet<Scope> {
  return GRANTS[scope];
}

/** The scopes of keys that would do where `needed` is, or one of several. */
export function scopesThatGrant(needed: Scope | readonly Scope[]): readonly Scope[] {
  return SCOPES.filter((scope) => grantsAny(GRANTS[scope], needed));
}

/** Whether what is granted holds what is needed, or one of several. */
export function grantsAny(granted: ReadonlySet<Scope>, needed: Scope | readonly Scope[]): boolean {
  if (typeof needed === 'string') return granted.has(needed);
  return needed.some((scope) => granted.has(scope));
}
