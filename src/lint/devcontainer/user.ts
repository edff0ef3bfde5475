// Who works in a devcontainer, as far as its file and what is known of images tell.
import { knownImage } from "../dockerfile/images.ts";
import type { Devcontainer } from "./model.ts";

const ours = /^mcr\.microsoft\.com\/(vscode\/)?devcontainers\/[\w.-]+(:[\w.-]+)?(@.*)?$/;

/** True for images whose directories are known: those made for devcontainers, and well-known others. */
export function isDevImage({ image }: Devcontainer): boolean {
  return image !== undefined && (ours.test(image) || knownImage(image) !== undefined);
}

/** The name or number; images made for devcontainers say vscode in their metadata. Undefined if it cannot be told. */
export function userOf({ image, user }: Devcontainer): string | undefined {
  const name = user?.text();
  if (user !== undefined) return name === undefined || name.includes("$") ? undefined : name === "0" ? "root" : name;
  if (image === undefined) return undefined;
  return ours.test(image) ? "vscode" : knownImage(image)?.user === "root" ? "root" : undefined;
}
