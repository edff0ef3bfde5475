// Changes as they go to a changing thread, and what came of them: packed, so that a hundred thousand of them cross between threads
// without a copy of each.
import type { DirectoryChanges } from "./apply.ts";
import type { Change, Outcome } from "./change.ts";

export interface ChangeRequest {
  /** The directories below the root, each with `/` between its names, and how many of the changes are in it. */
  readonly directories: readonly (readonly [path: string, count: number])[];
  /** The names of all entries, one after the other, with `/` between them, which no name holds. */
  readonly names: string;
  /** `width` numbers for each entry. */
  readonly numbers: Float64Array;
  /** Whether anything is mounted below the root. */
  readonly hasMounts: boolean;
}

export interface ChangeAnswer {
  /** What was not changed, by its number in the request. */
  readonly undone: readonly (readonly [number: number, outcome: Outcome])[];
}

/** Directory or not, inode, ctime, birth time, uid, gid, mode, links; uid, gid, mode that are wanted. */
const width = 11;

/** Whether a change is made of numbers alone: no ACL, and no inode number that a double rounds. */
export function isPackable({ seen, wanted }: Change): boolean {
  return (
    typeof seen.ino === "number" &&
    wanted.acl === undefined &&
    wanted.defaultAcl === undefined &&
    wanted.darwin === undefined
  );
}

export function packChanges(directories: readonly DirectoryChanges[], hasMounts: boolean): ChangeRequest {
  const names: string[] = [];
  const counts = directories.map(({ names: path, changes }) => [path.join("/"), changes.length] as const);
  const numbers = new Float64Array(counts.reduce((sum, [, count]) => sum + count, 0) * width);
  let at = 0;
  for (const { changes } of directories) {
    for (const { name, seen, wanted } of changes) {
      names.push(name);
      numbers[at++] = seen.isDirectory ? 1 : 0;
      numbers[at++] = seen.ino as number;
      numbers[at++] = seen.ctime;
      numbers[at++] = seen.birthtime;
      numbers[at++] = seen.uid;
      numbers[at++] = seen.gid;
      numbers[at++] = seen.mode;
      numbers[at++] = seen.links;
      numbers[at++] = wanted.uid;
      numbers[at++] = wanted.gid;
      numbers[at++] = wanted.mode;
    }
  }
  return { directories: counts, names: names.join("/"), numbers, hasMounts };
}

export function* unpackChanges({ directories, names, numbers }: ChangeRequest): Generator<DirectoryChanges> {
  const all = names.split("/");
  let entry = 0;
  for (const [path, count] of directories) {
    const changes: Change[] = [];
    for (const end = entry + count; entry < end; entry += 1) {
      let at = entry * width;
      const next = (): number => numbers[at++] as number;
      const seen = {
        isDirectory: next() === 1,
        ino: next(),
        ctime: next(),
        birthtime: next(),
        uid: next(),
        gid: next(),
        mode: next(),
        links: next(),
      };
      changes.push({ name: all[entry] as string, seen, wanted: { uid: next(), gid: next(), mode: next() } });
    }
    yield { names: path === "" ? [] : path.split("/"), changes };
  }
}
