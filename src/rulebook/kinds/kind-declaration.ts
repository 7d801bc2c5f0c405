import type { Definitions } from '../../engine/language/definitions.js';
import type { Findings } from '../read/findings.js';
import type { Kind, RuleFile } from '../read/rule-file.js';
import type { RuleIndex } from '../read/rule-index.js';

/** One concern of the check, for one file whose text could be parsed. */
export type Check = (file: RuleFile, index: RuleIndex, findings: Findings) => void;

/** What a starting file is filled in with: names that the folder has, or examples where it has none. */
export interface StartingNames {
  readonly id: string;
  readonly placement: string;
  readonly offer: string;
  /** An offer that can be shown anywhere; undefined where there is none. */
  readonly fallback: string | undefined;
  readonly segment: string | undefined;
  readonly purpose: string | undefined;
  /** A day: `2026-11-20`. */
  readonly today: string;
  /** What the placement shows a stranger now. */
  readonly shown: readonly string[];
}

/** Everything about a kind of rule file. What else needs to know of one reads its declaration. */
export interface KindDeclaration {
  /** Its own name; its schema is `schemas/<name>.json`. */
  readonly name: Kind;
  /** The folder inside that of the rules. */
  readonly folder: string;
  /** The id of the only file of this kind; absent where every file of the folder is one. */
  readonly file?: string;
  /** What people call one of them. */
  readonly one: string;
  /** The type in `engine/language/` that its schema is made from. */
  readonly type: string;
  /**
   * Where its definitions are gathered, by id, or the one of a single file. What is gathered together shares its ids.
   */
  readonly into: keyof Definitions;
  /** Where its conditions stand; absent where it has none. */
  readonly conditionsAt?: 'conditions' | 'eligibility';
  /** What is checked of a file, besides its shape. */
  readonly checks: readonly Check[];
  /** The text of a new file: YAML, as it takes comments, that passes the check where the names are there. */
  readonly starting: (names: StartingNames) => string;
  /** What to do with a new file. */
  readonly next: readonly string[];
  /** Whether no case could tell whether a new file is right. */
  readonly hasNoCases?: true;
}
