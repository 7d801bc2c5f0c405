/** Whether this is the name of a time zone that the runtime knows: those are the ones whose clocks decisions read. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
