// In WSL, the project that is built is on a Windows drive.
import type { FactRule } from "./rule.ts";
import { pathOf, shellQuote } from "./shared/say.ts";
import { metadataFix, modesOn } from "./shared/wsl.ts";

export const workTreeOnWindowsDrive: FactRule = {
  id: "work-tree-on-windows-drive",
  severity: "advice",
  title: "the work tree is on a Windows drive",
  looksAt: "facts",
  check: (facts) => {
    const tree = facts.wsl?.workTree;
    if (tree === undefined) return [];
    const name = tree.path.slice(tree.path.lastIndexOf("/") + 1);
    return [
      {
        message: `${tree.path} is on the Windows drive ${tree.mount.mountPoint}: go and git read each file through Windows, which is slow`,
        paths: [pathOf(tree.path, undefined, facts)],
        count: 1,
        why: `${modesOn(tree.mount)}. git may then take every file for executable, and go cannot always lock or rename what an editor in Windows holds open`,
        fixes: [
          {
            title: "Clone it on the Linux side; Windows sees it there as \\\\wsl.localhost",
            disposition: "safe",
            command: `git clone ${shellQuote(tree.path)} "$HOME"/${shellQuote(name)}`,
          },
          ...metadataFix(facts, tree.mount),
        ],
      },
    ];
  },
};
