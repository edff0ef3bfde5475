// Where the tools of the system are looked for: not on the caller's PATH, which may hold directories of other users.

export const systemPath = "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin:/run/current-system/sw/bin";
