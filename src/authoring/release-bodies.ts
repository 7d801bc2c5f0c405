import { IsIn, IsInt, IsNumber, IsObject, IsOptional, IsString, MaxLength, Min, MinLength } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { InvalidRequest, type Problem } from '../errors.js';
import { bodyValidator } from '../http/validate-body.js';
import type { Activation } from '../releases/rollout-changes.js';
import type { ReleaseFile } from '../stores/release-store.js';

/** The largest body that rule files may come in, in bytes, compressed or not. */
export const MAX_FILES_BYTES = 64 * 1024 * 1024;

/** The most files of one request. */
export const MAX_FILES = 50_000;

const FILE_TEXT = 'a text, the whole of the file';
const FILES = {
  maxProperties: MAX_FILES,
  additionalProperties: { type: 'string', description: FILE_TEXT },
  example: { 'offers/welcome.json': '{ "name": "Welcome", … }' },
} as never;

/** The body of `POST /v1/rulebook/check`. */
export class CandidateDto {
  /** The text of every rule file by its path, such as `contextual/resume.json`. */
  @IsObject()
  @JSONSchema(FILES)
  files!: Record<string, string>;
}

/** The body of `POST /v1/rulebook/releases`. */
export class PublishDto {
  /** The text of every rule file by its path, such as `contextual/resume.json`. */
  @IsObject()
  @JSONSchema(FILES)
  files!: Record<string, string>;

  /** What changes, and why. */
  @IsString()
  @MinLength(1)
  @MaxLength(2_000)
  message!: string;

  /** Who publishes, as they name themselves; the fingerprint of the key when absent. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  author?: string;
}

/** The body of `POST /v1/rulebook/releases/:version/activate`. */
export class ActivateDto {
  /** `live` when absent. */
  @IsOptional()
  @IsIn(['live', 'canary', 'shadow'])
  as?: 'live' | 'canary' | 'shadow';

  /** Of a canary alone: the share of visitors in percent, above 0 and up to 100. */
  @IsOptional()
  @IsNumber()
  share?: number;

  /** The `revision` of what serves that this is to change: repeated with it, a request is not a second one. */
  @IsOptional()
  @IsInt()
  @Min(0)
  revision?: number;
}

/** The body of `POST /v1/rulebook/end`. */
export class EndDto {
  @IsIn(['canary', 'shadow'])
  as!: 'canary' | 'shadow';

  /** The `revision` of what serves that this is to change: repeated with it, a request is not a second one. */
  @IsOptional()
  @IsInt()
  @Min(0)
  revision?: number;
}

/** The body of `POST /v1/rulebook/rollback`. */
export class RollbackDto {
  /** The `revision` of what serves that this is to change: repeated with it, a request is not a second one. */
  @IsOptional()
  @IsInt()
  @Min(0)
  revision?: number;
}

const assertCandidate: (body: unknown) => asserts body is CandidateDto = bodyValidator(CandidateDto);
const assertPublish: (body: unknown) => asserts body is PublishDto = bodyValidator(PublishDto);
const assertActivate: (body: unknown) => asserts body is ActivateDto = bodyValidator(ActivateDto);
const assertEnd: (body: unknown) => asserts body is EndDto = bodyValidator(EndDto);
const assertRollback: (body: unknown) => asserts body is RollbackDto = bodyValidator(RollbackDto);

/** A change of what serves. */
export interface Change<T> {
  readonly what: T;
  /** The revision that it is meant for; undefined where any will do. */
  readonly revision: number | undefined;
}

/** The files in a body that asks for a check. Throws {@link InvalidRequest} with every problem of its shape. */
export function readCandidate(body: unknown): ReleaseFile[] {
  assertCandidate(body);
  return filesOf(body.files);
}

/** What is to be published. Throws {@link InvalidRequest} with every problem of its shape. */
export function readPublish(body: unknown): {
  readonly files: ReleaseFile[];
  readonly message: string;
  readonly author: string | undefined;
} {
  assertPublish(body);
  const blank = body.message.trim() === '' ? [{ path: 'message', message: 'must say what changes' }] : [];
  if (blank.length > 0) throw new InvalidRequest(blank);
  return {
    files: filesOf(body.files),
    message: body.message.trim().toWellFormed(),
    author: body.author?.trim().toWellFormed() || undefined,
  };
}

/** What a release is to serve as: a body may be missing, and then it is `live`. Throws {@link InvalidRequest}. */
export function readActivation(body: unknown): Change<Activation> {
  const asked = body ?? {};
  assertActivate(asked);
  const { as = 'live', share, revision } = asked;
  const problem = shareProblem(as, share);
  if (problem) throw new InvalidRequest([problem]);
  return { what: as === 'canary' ? { as, share: share ?? 0 } : { as }, revision };
}

/** What is to end. Throws {@link InvalidRequest}. */
export function readEnd(body: unknown): Change<'canary' | 'shadow'> {
  assertEnd(body);
  return { what: body.as, revision: body.revision };
}

/** The revision to be rolled back; any where the body is missing or does not say. Throws {@link InvalidRequest}. */
export function readRollback(body: unknown): number | undefined {
  const asked = body ?? {};
  assertRollback(asked);
  return asked.revision;
}

function filesOf(texts: Readonly<Record<string, string>>): ReleaseFile[] {
  const files = Object.entries(texts).map(([path, text]) => ({ path, text }));
  if (files.length > 0) return files;
  throw new InvalidRequest([
    {
      path: 'files',
      message: 'has no file; a release is the whole rules folder, such as { "offers/welcome.json": "…" }',
    },
  ]);
}

function shareProblem(as: Activation['as'], share: number | undefined): Problem | undefined {
  if (as !== 'canary')
    return share === undefined
      ? undefined
      : { path: 'share', message: `is for a canary alone; a ${as} release has none` };
  if (share !== undefined && share > 0 && share <= 100) return undefined;
  return {
    path: 'share',
    message: 'must say which share of the visitors the canary serves, in percent: above 0 and up to 100, such as 10',
  };
}
