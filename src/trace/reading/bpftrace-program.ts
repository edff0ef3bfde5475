// The program for bpftrace: two tracepoints for all system calls, which only keep and tell those about files, of the processes that are watched.
import { errnoNumbers } from "./errnos.ts";
import { shapes } from "./shapes.ts";

export interface WatchRequest {
  /** Processes to watch with all that they start. */
  readonly pids: readonly number[];
  /** Control groups to watch (the inode numbers of their directories in cgroup2). */
  readonly cgroups: readonly number[];
  /** A process whose failed openat(2) are told too, with ENOENT: by them it learns that all probes are attached. */
  readonly pinging: number;
  readonly errnos: ReadonlySet<string>;
  /** Calls by name, for this architecture. */
  readonly numbers: Readonly<Record<string, number>>;
}

/** Bytes of a string that bpftrace 0.17 can take at once, without the end: 200 with nothing else on the stack. */
export const chunkLength = 159;
/** Pieces of a path that are told. */
export const chunks = 8;

/** The environment that the program needs. */
export const bpftraceEnvironment = {
  BPFTRACE_STRLEN: "160",
  BPFTRACE_MAP_KEYS_MAX: "65536",
  BPFTRACE_PERF_RB_PAGES: "1024",
};

/**
 * Prints the string that a variable points to, in pieces: a further one only if the byte before it is not 0. What stands behind the
 * end of a string can be anything, so there may be more of them than the string has; the reader knows by their length.
 */
function pieces(variable: "p" | "q"): string {
  return `$i = (uint64)0;
    while ($i < ${chunks}) {
      printf("${variable} %d %d %s", tid, $i, str(uptr($${variable} + $i * ${chunkLength})));
      if (*uptr((uint8 *)($${variable} + $i * ${chunkLength} + ${chunkLength - 1})) == 0) { $i = ${chunks}; } else { $i = $i + 1; }
    }`;
}

/**
 * It uses no types of the kernel (BTF): reading them takes bpftrace longer than all else of its start, and gives only the UID that counts
 * for files in place of the real one, which differ in setuid programs alone. Its loops need Linux 5.3.
 *
 * Both probes run for every call of every process of the machine: so there is one for the end of a call, and what is asked first is what costs least, the number of the call or
 * its error, before the map. As conditions and not as a filter between slashes: the kernel's verifier refuses what bpftrace 0.17 makes of a filter that asks for a number often.
 */
export function bpftraceProgram(request: WatchRequest): string {
  const { pids, cgroups, pinging, numbers } = request;
  const calls = Object.entries(numbers).filter(([name]) => shapes[name] !== undefined);
  const ids = (wanted: (name: string) => boolean): string =>
    calls
      .filter(([name]) => wanted(name))
      .map(([, id]) => `$id == ${id}`)
      .join(" || ") || "0";
  const pathAt = (position: number): string => ids((name) => shapes[name]?.paths[0]?.path === position);
  const secondAt = (position: number): string => ids((name) => shapes[name]?.paths[1]?.path === position);
  const watched = `@t[pid]${cgroups.length > 0 ? " || @g[cgroup]" : ""}`;
  const failed = [...request.errnos]
    .flatMap((name) => (name in errnoNumbers ? [errnoNumbers[name as keyof typeof errnoNumbers]] : []))
    .map((number) => `$ret == -${number}`)
    .join(" || ");
  const set = (map: string, keys: readonly number[]): string =>
    keys.map((key) => `  @${map}[(uint64)${key}] = (uint8)1;`).join("\n");
  return `BEGIN {
${set("t", [...pids, pinging])}
${set("g", cgroups)}
}
tracepoint:raw_syscalls:sys_enter {
  $id = args->id;
  if ((${ids(() => true)}) && (${watched})) {
    @a[tid] = (args->id, args->args[0], args->args[1], args->args[2], args->args[3]);
  }
}
tracepoint:sched:sched_process_fork /${watched}/ { @t[(uint64)args->child_pid] = (uint8)1; }
tracepoint:sched:sched_process_exit { delete(@t[tid]); delete(@a[tid]); }
tracepoint:raw_syscalls:sys_exit {
  $ret = args->ret;
  if ((${failed} || (pid == ${pinging} && $ret == -2)) && (${watched})) {
  $a = @a[tid];
  $id = $a.0;
  if ($id == args->id) {
    printf("f %d %d %d %d %d %d %llx %llx %llx %llx %s", tid, pid, $id, $ret, uid, gid, $a.1, $a.2, $a.3, $a.4, comm);
    $p = $a.1;
    if (${pathAt(1)}) { $p = $a.2; }
    if (${pathAt(2)}) { $p = $a.3; }
    ${pieces("p")}
    $q = (uint64)0;
    if (${secondAt(1)}) { $q = $a.2; }
    if (${secondAt(3)}) { $q = $a.4; }
    if ($q != 0) {
    ${pieces("q")}
    }
    printf("e %d", tid);
  } }
}
END { clear(@t); clear(@a);${cgroups.length > 0 ? " clear(@g);" : ""} }
`;
}
