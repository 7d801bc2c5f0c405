import type { InteractionColumns } from '../../engine/visitor/interaction-columns.js';
import { InteractionLog } from '../../engine/visitor/interaction-log.js';
import { partRetained } from '../memory/browser-share.js';
import type { Millis } from '../../engine/language/millis.js';

/** What of the interactions in a document is seen. */
export interface Seen {
  /** Nothing from before is. */
  readonly since?: Millis;
  /** Of what servers sent, and as many again of what browsers sent. */
  readonly most?: number;
}

/**
 * The interactions that are seen, of which browsers sent so many. They are not read for that, but where there are more
 * of either source than are retained, which is rare: for such a visitor nothing is put behind the document.
 */
export function seenLog(
  columns: InteractionColumns,
  ofBrowsers: number,
  { since = -Infinity, most = Infinity }: Seen,
): InteractionLog {
  if (!isOfBoth(columns.length, ofBrowsers)) return new InteractionLog(columns, since, most);
  if (!isOverShare(columns.length, ofBrowsers, most)) return new InteractionLog(columns, since);
  return InteractionLog.of(partRetained([...new InteractionLog(columns)], since, most).kept, since);
}

/** Whether there are events of both sources, and more of either than are retained. */
export function isOverShare(length: number, ofBrowsers: number, most: number): boolean {
  return isOfBoth(length, ofBrowsers) && Math.max(ofBrowsers, length - ofBrowsers) > most;
}

function isOfBoth(length: number, ofBrowsers: number): boolean {
  return ofBrowsers > 0 && ofBrowsers < length;
}
