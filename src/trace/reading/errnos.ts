// The errors that a trace can look for: their numbers in Linux (asm-generic/errno-base.h, errno.h), the same on x86-64 and arm64.

export const errnoNumbers = {
  EPERM: 1,
  EIO: 5,
  EAGAIN: 11,
  EACCES: 13,
  EBUSY: 16,
  EXDEV: 18,
  ENFILE: 23,
  EMFILE: 24,
  ETXTBSY: 26,
  EFBIG: 27,
  ENOSPC: 28,
  EROFS: 30,
  EMLINK: 31,
  ENAMETOOLONG: 36,
  ENOLCK: 37,
  ENOSYS: 38,
  ENOTEMPTY: 39,
  ELOOP: 40,
  EOVERFLOW: 75,
  EOPNOTSUPP: 95,
  ESTALE: 116,
  EDQUOT: 122,
} as const;

/** What is a denial. */
export const denials: readonly string[] = ["EACCES", "EPERM", "EROFS"];

/** The name of an error by its number. */
export function errnoName(number: number): string | undefined {
  return Object.entries(errnoNumbers).find(([, value]) => value === number)?.[0];
}
