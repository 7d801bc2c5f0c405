/** Hears what is begun, and with which file, so that whoever ends work that takes too long can say where it was. */
export type Tell = (doing: 'reading' | 'checking' | 'deciding', file: string) => void;

/** For those who do not want to know. */
export const DEAF: Tell = () => undefined;
