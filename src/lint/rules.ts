// Every lint rule that looks at a model. Those about ignores look at the others' answers; all.ts has them too.
import type { LintRule } from "./rule.ts";
import { cacheNotIgnored } from "./rules/cache-not-ignored.ts";
import { cachePathRelative } from "./rules/cache-path-relative.ts";
import { cacheTrackedByGit } from "./rules/cache-tracked-by-git.ts";
import { checksumBypassWide } from "./rules/checksum-bypass-wide.ts";
import { checksumDatabaseOff } from "./rules/checksum-database-off.ts";
import { composeCacheDifferentUsers } from "./rules/compose-cache-different-users.ts";
import { composeCacheVolumeOfRoot } from "./rules/compose-cache-volume-of-root.ts";
import { composeHostCacheAsRoot } from "./rules/compose-host-cache-as-root.ts";
import { devcontainerCacheVolumeOfRoot } from "./rules/devcontainer-cache-volume-of-root.ts";
import { devcontainerHostCache } from "./rules/devcontainer-host-cache.ts";
import { dockerfileCacheMountOwner } from "./rules/dockerfile-cache-mount-owner.ts";
import { dockerfileCacheMountShared } from "./rules/dockerfile-cache-mount-shared.ts";
import { dockerfileCacheNotWritable } from "./rules/dockerfile-cache-not-writable.ts";
import { dockerfileCacheOwnerInLaterLayer } from "./rules/dockerfile-cache-owner-in-later-layer.ts";
import { dockerfileCleanInLaterLayer } from "./rules/dockerfile-clean-in-later-layer.ts";
import { dockerfileGoSumNotCopied } from "./rules/dockerfile-go-sum-not-copied.ts";
import { dockerfileModulesOfAnotherUser } from "./rules/dockerfile-modules-of-another-user.ts";
import { dockerfileSecretBakedIn } from "./rules/dockerfile-secret-baked-in.ts";
import { dockerfileUserByName } from "./rules/dockerfile-user-by-name.ts";
import { dockerfileWorkTreeNotWritable } from "./rules/dockerfile-work-tree-not-writable.ts";
import { gitattributesPermissions } from "./rules/gitattributes-permissions.ts";
import { githubCacheInWorkTree } from "./rules/github-cache-in-work-tree.ts";
import { githubCacheRestoredTwice } from "./rules/github-cache-restored-twice.ts";
import { githubContainerUser } from "./rules/github-container-user.ts";
import { gitlabCacheNotFilled } from "./rules/gitlab-cache-not-filled.ts";
import { gitlabCacheOutsideProject } from "./rules/gitlab-cache-outside-project.ts";
import { insecureDownload } from "./rules/insecure-download.ts";
import { kubernetesCacheDifferentUids } from "./rules/kubernetes-cache-different-uids.ts";
import { kubernetesCacheNotWritable } from "./rules/kubernetes-cache-not-writable.ts";
import { kubernetesEmptyDirMode } from "./rules/kubernetes-empty-dir-mode.ts";
import { kubernetesFsgroupOnGoCache } from "./rules/kubernetes-fsgroup-on-go-cache.ts";
import { kubernetesHostPathCache } from "./rules/kubernetes-host-path-cache.ts";
import { kubernetesInitLeavesRootFiles } from "./rules/kubernetes-init-leaves-root-files.ts";
import { kubernetesMutableTagIfNotPresent } from "./rules/kubernetes-mutable-tag-if-not-present.ts";
import { kubernetesReadOnlyRootWithoutCache } from "./rules/kubernetes-read-only-root-without-cache.ts";
import { kubernetesRootWithoutCapabilities } from "./rules/kubernetes-root-without-capabilities.ts";
import { kubernetesRunAsNonRootContradicted } from "./rules/kubernetes-run-as-non-root-contradicted.ts";
import { scriptCacheChown } from "./rules/script-cache-chown.ts";
import { scriptCacheRemovedByHand } from "./rules/script-cache-removed-by-hand.ts";
import { scriptCacheWorldWritable } from "./rules/script-cache-world-writable.ts";
import { scriptCacheWriteProtection } from "./rules/script-cache-write-protection.ts";
import { scriptHostCacheAsRoot } from "./rules/script-host-cache-as-root.ts";
import { scriptSudoGo } from "./rules/script-sudo-go.ts";

export const lintRules: readonly LintRule[] = [
  cacheNotIgnored,
  cachePathRelative,
  cacheTrackedByGit,
  checksumBypassWide,
  checksumDatabaseOff,
  composeCacheDifferentUsers,
  composeCacheVolumeOfRoot,
  composeHostCacheAsRoot,
  devcontainerCacheVolumeOfRoot,
  devcontainerHostCache,
  dockerfileCacheMountOwner,
  dockerfileCacheMountShared,
  dockerfileCacheNotWritable,
  dockerfileCacheOwnerInLaterLayer,
  dockerfileCleanInLaterLayer,
  dockerfileGoSumNotCopied,
  dockerfileModulesOfAnotherUser,
  dockerfileSecretBakedIn,
  dockerfileUserByName,
  dockerfileWorkTreeNotWritable,
  gitattributesPermissions,
  githubCacheInWorkTree,
  githubCacheRestoredTwice,
  githubContainerUser,
  gitlabCacheNotFilled,
  gitlabCacheOutsideProject,
  insecureDownload,
  kubernetesCacheDifferentUids,
  kubernetesCacheNotWritable,
  kubernetesEmptyDirMode,
  kubernetesFsgroupOnGoCache,
  kubernetesHostPathCache,
  kubernetesInitLeavesRootFiles,
  kubernetesMutableTagIfNotPresent,
  kubernetesReadOnlyRootWithoutCache,
  kubernetesRootWithoutCapabilities,
  kubernetesRunAsNonRootContradicted,
  scriptCacheChown,
  scriptCacheRemovedByHand,
  scriptCacheWorldWritable,
  scriptCacheWriteProtection,
  scriptHostCacheAsRoot,
  scriptSudoGo,
];
