/**
 * The key in an `Authorization` header: the token of Bearer, or the user name of Basic, whose password says nothing.
 */
export function presentedKey(authorization: string | undefined): string | undefined {
  const [, scheme = '', credentials = ''] = /^\s*(\S+)\s+(\S+)\s*$/.exec(authorization ?? '') ?? [];
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return credentials;
    case 'basic':
      return Buffer.from(credentials, 'base64').toString('utf8').split(':', 1)[0];
    default:
      return undefined;
  }
}
