import { IsInt, IsObject, IsOptional, IsString, MaxLength, Min, MinLength } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import type { DraftAsk } from '../drafts/drafts.service.js';
import { MOST_DRAFT_FILES } from '../drafts/draft-files.js';
import { bodyValidator } from '../http/validate-body.js';

/** The largest body that a draft may come in, in bytes: JSON writes some characters of a text with six. */
export const MAX_DRAFT_BODY_BYTES = 4 * 1024 * 1024;

const FILES = {
  maxProperties: MOST_DRAFT_FILES,
  additionalProperties: {
    type: ['string', 'null'],
    description: 'a text, the whole of the file, or null for one that is to go',
  },
  example: { 'offers/welcome.json': '{ "name": "Welcome", … }', 'offers/old.json': null },
} as never;

/** The body of `POST /v1/rulebook/drafts`. */
export class BeginDraftDto {
  /** The files that it changes: the text of each by its path, such as `offers/welcome.json`; null for one that goes. */
  @IsObject()
  @JSONSchema(FILES)
  files!: Record<string, string | null>;

  /** What changes, and why; the message of the release that is made of it. */
  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  message?: string;

  /** Who writes it, as they name themselves; the fingerprint of the key when absent. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  author?: string;

  /** The release that it changes; the live one when absent. */
  @IsOptional()
  @IsInt()
  @Min(1)
  base?: number;
}

/** The body of `PUT /v1/rulebook/drafts/:id`: all of `files` takes the place of what was there. */
export class ChangeDraftDto extends BeginDraftDto {
  /** The `revision` that is changed: where it is another by now, nothing is. */
  @IsInt()
  @Min(1)
  revision!: number;
}

/** The body of `POST /v1/rulebook/drafts/:id/publish`. */
export class PublishDraftDto {
  /** The `revision` that is published: where it is another by now, nothing is. */
  @IsInt()
  @Min(1)
  revision!: number;

  /** What changes, and why; the draft's when absent. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(2_000)
  message?: string;
}

const assertBegin: (body: unknown) => asserts body is BeginDraftDto = bodyValidator(BeginDraftDto);
const assertChange: (body: unknown) => asserts body is ChangeDraftDto = bodyValidator(ChangeDraftDto);
const assertPublish: (body: unknown) => asserts body is PublishDraftDto = bodyValidator(PublishDraftDto);

/** The draft in a body. Throws {@link InvalidRequest} with every problem of its shape. */
export function readBegin(body: unknown): DraftAsk {
  assertBegin(body);
  return askOf(body);
}

/** What a draft is to be changed to, and which revision of it. Throws as {@link readBegin} does. */
export function readChange(body: unknown): { readonly ask: DraftAsk; readonly revision: number } {
  assertChange(body);
  return { ask: askOf(body), revision: body.revision };
}

/** What is to be published of a draft. Throws as {@link readBegin} does. */
export function readPublishDraft(body: unknown): { readonly revision: number; readonly message: string | undefined } {
  assertPublish(body);
  return { revision: body.revision, message: body.message?.toWellFormed() };
}

/** Half a character is none in UTF-8, and no store could keep it; in a file it is a problem. */
function askOf({ files, message, author, base }: BeginDraftDto): DraftAsk {
  return { files, message: message?.toWellFormed(), author: author?.trim().toWellFormed() || undefined, base };
}
