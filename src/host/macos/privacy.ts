// Folders that macOS lets a program at only with its user's consent (Privacy & Security, called TCC). The consent is given to the
// terminal, editor or service that started the program, so that one go gets in and another does not.
import { Unseen } from "../../permission/world.ts";
import type { MachineWorld } from "../world.ts";

const guarded: readonly (readonly [place: RegExp, name: string])[] = [
  [/^\/Users\/[^/]+\/(Desktop|Documents|Downloads)(\/|$)/, "Desktop, Documents and Downloads"],
  [/^\/Users\/[^/]+\/Library\/(Mobile Documents|CloudStorage)(\/|$)/, "iCloud Drive and other cloud storage"],
  [/^\/Volumes\//, "removable and network volumes"],
];

/**
 * Why consent may decide about a directory, whatever its permissions are.
 * @param isSelf whether the question is for the user who runs this program, whose consent shows in what this program may list
 * @returns undefined if it does not, or was given
 */
export function readPrivacy(path: string, isSelf: boolean, world: MachineWorld): string | undefined {
  const name = guarded.find(([place]) => place.test(path))?.[1];
  if (name === undefined) return undefined;
  if (isSelf && !(world.names(path) instanceof Unseen)) return undefined;
  return `macOS lets a program at ${name} only if its user consents (Privacy & Security): without that go is told \`operation not permitted\` whatever modes and ACLs grant`;
}
