// All rules that look at the machine.
import { accessListsUnread } from "./access-lists-unread.ts";
import { buildCacheOnWindowsDrive } from "./build-cache-on-windows-drive.ts";
import { cacheDanglingLink } from "./cache-dangling-link.ts";
import { cacheInWorkTree } from "./cache-in-work-tree.ts";
import { cacheMissing } from "./cache-missing.ts";
import { cacheNotADirectory } from "./cache-not-a-directory.ts";
import { cacheNotCreatable } from "./cache-not-creatable.ts";
import { cacheNotWritable } from "./cache-not-writable.ts";
import { cacheOnNetworkMount } from "./cache-on-network-mount.ts";
import { cacheOnNoexecMount } from "./cache-on-noexec-mount.ts";
import { cacheOnOverlay } from "./cache-on-overlay.ts";
import { cacheOnReadOnlyMount } from "./cache-on-read-only-mount.ts";
import { cacheOnWindowsDrive } from "./cache-on-windows-drive.ts";
import { cachePathRelative } from "./cache-path-relative.ts";
import { cacheUnset } from "./cache-unset.ts";
import { checksumBypassWide } from "./checksum-bypass-wide.ts";
import { checksumDatabaseOff } from "./checksum-database-off.ts";
import { devcontainerUidChanged } from "./devcontainer-uid-changed.ts";
import { fileSystemNearlyFull } from "./file-system-nearly-full.ts";
import { goBuildCacheForeign } from "./go-build-cache-foreign.ts";
import { goBuildCacheNotWritable } from "./go-build-cache-not-writable.ts";
import { goBuildCacheOff } from "./go-build-cache-off.ts";
import { goCommandFails } from "./go-command-fails.ts";
import { goNotAnswering } from "./go-not-answering.ts";
import { goNotFound } from "./go-not-found.ts";
import { goRunning } from "./go-running.ts";
import { gopathEqualsGoroot } from "./gopath-equals-goroot.ts";
import { goproxyMalformed } from "./goproxy-malformed.ts";
import { gorootNotReadable } from "./goroot-not-readable.ts";
import { groupZeroCannotWrite } from "./group-zero-cannot-write.ts";
import { homeMissing } from "./home-missing.ts";
import { insecureDownload } from "./insecure-download.ts";
import { modcacherwShared } from "./modcacherw-shared.ts";
import { mountsUnread } from "./mounts-unread.ts";
import { ownershipIgnoredVolume } from "./ownership-ignored-volume.ts";
import { privatePatternDead } from "./private-pattern-dead.ts";
import { proxyOffIncomplete } from "./proxy-off-incomplete.ts";
import { quarantinedGo } from "./quarantined-go.ts";
import { rootWithoutCapabilities } from "./root-without-capabilities.ts";
import type { FactRule } from "./rule.ts";
import { securityModule } from "./security-module.ts";
import { snapHiddenCache } from "./snap-hidden-cache.ts";
import { sudoWithoutHome } from "./sudo-without-home.ts";
import { sumdbNotWritable } from "./sumdb-not-writable.ts";
import { temporaryDirectoryNoexec } from "./temporary-directory-noexec.ts";
import { temporaryDirectoryNotWritable } from "./temporary-directory-not-writable.ts";
import { umaskTooStrict } from "./umask-too-strict.ts";
import { workTreeOnWindowsDrive } from "./work-tree-on-windows-drive.ts";
import { wslConfMalformed } from "./wsl-conf-malformed.ts";
import { wslConfSettingIgnored } from "./wsl-conf-setting-ignored.ts";
import { wslRestartNeeded } from "./wsl-restart-needed.ts";

export const factRules: readonly FactRule[] = [
  accessListsUnread,
  buildCacheOnWindowsDrive,
  cacheDanglingLink,
  cacheInWorkTree,
  cacheMissing,
  cacheNotADirectory,
  cacheNotCreatable,
  cacheNotWritable,
  cacheOnNetworkMount,
  cacheOnNoexecMount,
  cacheOnOverlay,
  cacheOnReadOnlyMount,
  cacheOnWindowsDrive,
  cachePathRelative,
  cacheUnset,
  checksumBypassWide,
  checksumDatabaseOff,
  devcontainerUidChanged,
  fileSystemNearlyFull,
  goBuildCacheForeign,
  goBuildCacheNotWritable,
  goBuildCacheOff,
  goCommandFails,
  goNotAnswering,
  goNotFound,
  goRunning,
  gopathEqualsGoroot,
  goproxyMalformed,
  gorootNotReadable,
  groupZeroCannotWrite,
  homeMissing,
  insecureDownload,
  modcacherwShared,
  mountsUnread,
  ownershipIgnoredVolume,
  privatePatternDead,
  proxyOffIncomplete,
  quarantinedGo,
  rootWithoutCapabilities,
  securityModule,
  snapHiddenCache,
  sudoWithoutHome,
  sumdbNotWritable,
  temporaryDirectoryNoexec,
  temporaryDirectoryNotWritable,
  umaskTooStrict,
  workTreeOnWindowsDrive,
  wslConfMalformed,
  wslConfSettingIgnored,
  wslRestartNeeded,
];
