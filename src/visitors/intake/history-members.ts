/** What a line of an import may have. */
export const MEMBERS = [
  'visitorId',
  'timestamp',
  'known',
  'origin',
  'joins',
  'ids',
  'identities',
  'traits',
  'traitDetails',
  'outrankedTraits',
  'consents',
  'interactions',
  'released',
];
/** Of these a line needs one, or it says nothing of the person. */
export const TELLING = MEMBERS.slice(MEMBERS.indexOf('ids'));
/**
 * What an export has besides, which is not taken in: it follows from the rest, or belongs to this service and not to
 * the person.
 */
export const PASSED_OVER = [
  'format',
  'exportedAt',
  'counters',
  'decisions',
  'recorded',
  'recordedStates',
  'rejected',
  'setAside',
  '$schema',
];
