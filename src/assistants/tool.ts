import type { JSONObject } from '@modelcontextprotocol/server';
import type { Scope } from '../access/scopes.js';

/** Who calls a tool. */
export interface Caller {
  /** A fingerprint of the key, or `local` where no keys are set. */
  readonly who: string;
  readonly scopes: ReadonlySet<Scope>;
  /** Aborted once nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** Whose words data holds: they are told apart from what Usher says. */
export type DataFrom = 'visitors and rule files' | 'rule files' | 'what was asked';

/** What a tool answers. */
export interface ToolAnswer {
  /** In Usher's own words alone: no text of a visitor, of a rule file or of the caller. */
  readonly said: string;
  readonly from: DataFrom;
  /** The data, as JSON. */
  readonly json: string;
  /** What was changed, for the log: of Usher's own words alone, too. */
  readonly changed?: string;
}

/** A tool as the room has it. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  /** For an assistant: what it tells, and how to ask for less where that is too much. */
  readonly description: string;
  /** The scope that its caller must have. */
  readonly needs: Scope;
  /** Whether it changes anything; all others only read. */
  readonly writes: boolean;
  /** The JSON Schema of its arguments. */
  readonly input: InputSchema;
  /** Arguments are held against {@link input} before. Throws `UsherError`. */
  readonly call: (args: Readonly<Record<string, unknown>>, caller: Caller) => Promise<ToolAnswer>;
}

/** A JSON Schema of an object. */
export interface InputSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, JSONObject>>;
  readonly required?: readonly string[];
  readonly additionalProperties: false;
}

/** Tools that belong together. */
export interface ToolShelf {
  tools(): readonly Tool[];
}

/** A tool whose arguments are as its schema says: the type of them is the word of whoever wrote the schema. */
export function toolOf<Args extends object>(
  declared: Omit<Tool, 'call' | 'writes' | 'input'> & {
    readonly writes?: true;
    readonly properties: { readonly [Name in keyof Required<Args>]: JSONObject };
    readonly required?: readonly (keyof Args & string)[];
    readonly call: (args: Args, caller: Caller) => Promise<ToolAnswer>;
  },
): Tool {
  const { properties, required = [], writes = false, call, ...told } = declared;
  return {
    ...told,
    writes,
    input: { type: 'object', properties, required, additionalProperties: false },
    call: (args, caller) => call(args as Args, caller),
  };
}
