/** Compares a fact's value with a condition's value. Never throws, whatever it is given. */
export type Operator = (fact: unknown, value: unknown) => boolean;

/** An operator that is handed in. Whatever it returns counts as true or false, as in an `if`; a promise is refused. */
export type CustomOperator = (fact: unknown, value: unknown) => unknown;

/** That a value lies on one side of a bound: numbers as numbers, texts as texts. */
export interface Bound {
  readonly asks: 'bound';
  readonly side: 'above' | 'below';
  /** Whether the bound itself is on that side. */
  readonly inclusive: boolean;
}

/**
 * What an operator asks, for whoever reasons about it without running it: the index, the compiled code, proofs.
 * `sameness`: to be the value. `membership`: to be one of a list, or a part of a text. `element`: to be a list with the
 * value in it. `edge`: to be a text that has the value at that end. `opposite`: that another operator does not hold,
 * `ofLists` where it must be a list besides.
 */
export type Meaning =
  | { readonly asks: 'sameness' | 'membership' | 'element' }
  | Bound
  | { readonly asks: 'edge'; readonly end: 'start' | 'end' }
  | { readonly asks: 'opposite'; readonly of: string; readonly ofLists?: true };

/** How a comparison is said: of what is, and to stand after "had" of what would have had to be. */
export interface OperatorWords {
  readonly is: string;
  readonly isNot: string;
  readonly been: string;
  readonly notBeen: string;
}

/** What a fact must be for a comparison to hold, and whether one is; absent where that is nothing to speak of. */
export interface Readable {
  readonly what: string;
  readonly can: (fact: unknown) => boolean;
}

/** An operator that rules may write. */
export interface OperatorDeclaration {
  /** As rule files write it. */
  readonly name: string;
  readonly compare: Operator;
  /**
   * Absent where nothing is known but what running it says: then it is never indexed, and proofs claim little of it.
   */
  readonly meaning?: Meaning;
  /**
   * What can be its value, so that it may ever hold: `list` of values, or a text to look in; `number`, or a text; a
   * `text`; a `time`, as `values/time-comparisons.ts` says of each.
   */
  readonly takes: 'anything' | 'list' | 'number' | 'text' | 'time';
  /**
   * The fact that its value is handed to, with its own name, and whose value is then compared; absent for the value.
   */
  readonly reckonedBy?: string;
  readonly reads?: Readable;
  /** How often it is expected to hold, from 0 to 1, where nothing more is known: only the order of work hangs on it. */
  readonly likelihood?: number;
  readonly words: OperatorWords;
  /** What it does, for an editor to show beside its name. */
  readonly hint: string;
}

/** A word that stands before an operator, with a colon between them, and changes what it does. */
export interface DecoratorDeclaration {
  readonly name: string;
  /** The operators that it goes with, where those are not all; `isNext` where no other decorator stands between. */
  readonly fits?: (operator: OperatorDeclaration, isNext: boolean) => boolean;
  readonly decorate: (next: Operator) => Operator;
  readonly reads?: Readable;
  /**
   * `negate`: the opposite. `exchange`: the sides change places. `order`: the order of both, as versions, beside 0.
   * `fold`: both without regard to case. Otherwise the side that is a list, of whose elements some or every one is
   * compared.
   */
  readonly does:
    'negate' | 'exchange' | 'order' | 'fold' | { readonly of: 'fact' | 'value'; readonly which: 'some' | 'every' };
}
