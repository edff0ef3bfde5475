// How Go writes module paths and versions as file names: an upper-case letter becomes `!` and its lower case
// (golang.org/x/mod/module, EscapePath), so that names differ on file systems that ignore case.

/** `github.com/Azure/x` -> `github.com/!azure/x`. Versions are escaped in the same way. */
export function escapePath(path: string): string {
  return path.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
}

/** The reverse of escapePath; undefined if Go could not have written it. */
export function unescapePath(escaped: string): string | undefined {
  if (/[A-Z]|!(?![a-z])/.test(escaped)) return undefined;
  return escaped.replace(/!([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
