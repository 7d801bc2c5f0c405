/** Who has something to say if the process ends now. One listener for all, as Node warns of many. */
const words = new Map<object, () => void>();

function sayAll(): void {
  for (const say of words.values()) say();
}

/** Has something said when the process ends before this is called again; nothing any more with undefined. */
export function warnAtExit(who: object, say: (() => void) | undefined): void {
  const wasQuiet = words.size === 0;
  if (say) words.set(who, say);
  else words.delete(who);
  if (wasQuiet && words.size > 0) process.on('exit', sayAll);
  if (!wasQuiet && words.size === 0) process.off('exit', sayAll);
}
