import { hashMessageId } from '../memory/forgotten.js';
import { packUuid, UUID_BYTES } from '../bytes/uuid-codec.js';

const uuid = Buffer.alloc(UUID_BYTES);

/**
 * 32 bits of a message id. Two ids may have the same, so that a mark which was seen tells only that the message may be
 * known; one that was not seen tells that it is not. Ids that end with the same UUID have the same mark.
 */
export function markOf(messageId: string): number {
  return packUuid(messageId, uuid, 0) ? markAt(uuid, 0) : hashMessageId(messageId) | 0;
}

/** Adds the marks of message ids that end with these UUIDs, one after the other. */
export function addMarks(marks: number[], uuids: Buffer): void {
  for (let at = 0; at < uuids.length; at += UUID_BYTES) marks.push(markAt(uuids, at));
}

function markAt(uuids: Buffer, from: number): number {
  let mark = 0;
  for (let at = from; at < from + UUID_BYTES; at += 4) mark = Math.imul(mark ^ uuids.readInt32LE(at), PRIME);
  return mark | 0;
}

/** Of FNV-1a for 32 bits. */
const PRIME = 16_777_619;
