// All rules that look at the entries of a cache, in the order of their pages.
import { aclDenies } from "./acl-denies.ts";
import { aclMaskHidesRights } from "./acl-mask-hides-rights.ts";
import { entryNotReadableBySubject } from "./entry-not-readable-by-subject.ts";
import { entryNotWritableBySubject } from "./entry-not-writable-by-subject.ts";
import { extractedDirectoryOwnerWritable } from "./extracted-directory-owner-writable.ts";
import { extractedDirectoryWritable } from "./extracted-directory-writable.ts";
import { extractedSourceWritable } from "./extracted-source-writable.ts";
import { foreignEntry } from "./foreign-entry.ts";
import { hardLinkedFile } from "./hard-linked-file.ts";
import { linkedModule } from "./linked-module.ts";
import { lockFileNotShared } from "./lock-file-not-shared.ts";
import { mixedOwners } from "./mixed-owners.ts";
import { overflowOwner } from "./overflow-owner.ts";
import { ownerOnlyEntries } from "./owner-only-entries.ts";
import type { EntryRule } from "./rule.ts";
import { setgidWithoutAcl } from "./setgid-without-acl.ts";
import { setuidEntry } from "./setuid-entry.ts";
import { sharedWritableCache } from "./shared-writable-cache.ts";
import { specialFile } from "./special-file.ts";
import { staleTemporaryFile } from "./stale-temporary-file.ts";
import { stickyDirectoryWithFiles } from "./sticky-directory-with-files.ts";
import { subordinateOwner } from "./subordinate-owner.ts";
import { symlinkInCache } from "./symlink-in-cache.ts";
import { toolchainBinaryNotExecutable } from "./toolchain-binary-not-executable.ts";
import { vcsForeignOwner } from "./vcs-foreign-owner.ts";
import { versionListNotShared } from "./version-list-not-shared.ts";
import { worldWritableAfterClean } from "./world-writable-after-clean.ts";
import { ziphashNotShared } from "./ziphash-not-shared.ts";

export const entryRules: readonly EntryRule[] = [
  entryNotWritableBySubject,
  entryNotReadableBySubject,
  ownerOnlyEntries,
  mixedOwners,
  lockFileNotShared,
  versionListNotShared,
  ziphashNotShared,
  sharedWritableCache,
  setgidWithoutAcl,
  aclMaskHidesRights,
  aclDenies,
  stickyDirectoryWithFiles,
  worldWritableAfterClean,
  extractedSourceWritable,
  extractedDirectoryWritable,
  extractedDirectoryOwnerWritable,
  toolchainBinaryNotExecutable,
  setuidEntry,
  specialFile,
  hardLinkedFile,
  symlinkInCache,
  linkedModule,
  vcsForeignOwner,
  overflowOwner,
  subordinateOwner,
  staleTemporaryFile,
  foreignEntry,
];
