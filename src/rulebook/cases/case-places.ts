import { kinds } from '../kinds/kinds.js';
import { readRules } from '../kinds/read-rules.js';
import type { RuleFile } from '../read/rule-file.js';

/** Where something stands in the rule files. Lines and columns count from 1. */
export interface RulePlace {
  /** Starts with the rules folder's own name: `rules/contextual/x.json`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What has a place: a kind of rule file, or what several kinds share the ids of. */
export type Placed = string;

/** Finds the places of definitions in the files of a folder, which are read for it once more. */
export class CasePlaces {
  private readonly files: ReadonlyMap<string, RuleFile>;

  constructor(dir: string) {
    this.files = new Map(readRules(dir).files.map((file) => [`${file.kind}/${file.id}`, file]));
  }

  /** Where a value stands, or what is left of the way to it; undefined where the file is gone. */
  of(owner: Placed, id: string, path: readonly (string | number)[] = []): RulePlace | undefined {
    const names = kinds.filter(({ name, into }) => into === owner || name === owner).map(({ name }) => name);
    const file = names.map((name) => this.files.get(`${name}/${id}`)).find((found) => found);
    if (!file) return undefined;
    return { file: file.path, ...file.lines.position(file.root?.nearest(path).offset ?? 0) };
  }
}
