import type { Millis } from '../engine/language/millis.js';
import type { VisitorView } from '../engine/visitor/visitor.js';
import type { VisitorStore } from '../stores/visitor-store.js';
import type { SeenAs } from './memory/browser-made.js';
import type { Retention } from './memory/memory.js';

/** A visitor as read; a stranger was made from nothing. */
export interface SeenVisitor {
  readonly view: VisitorView;
  readonly source: VisitorSource | undefined;
  /** Why not all of them is seen; absent where all is. */
  readonly seenAs?: SeenAs;
}

/** What a visitor's view was made from: with this, and the codec, it can be made again at any time. */
export interface VisitorSource {
  /** The id that the document is kept under. */
  readonly id: string;
  /** No two states of any document have the same. */
  readonly version: string;
  /** As the store gave it; not to be changed. */
  readonly document: Uint8Array;
  /** When it was read, which says what was retained. */
  readonly seenAt: Millis;
  readonly retention: Retention;
}

/** What came of wishes for contacts. */
export interface GrantedContacts {
  /** Of each, in the order given, whether there was a place for it. */
  readonly granted: readonly boolean[];
  /** What a view of the visitor as they are now is made from, where one was refused; of nobody there is none. */
  readonly documents?: Pick<VisitorStore, 'load'>;
}
