import { describe, expect, test } from "vitest";
import { parseMountPlaces } from "../../src/host/mounts.ts";
import { pathHere } from "../../src/trace/mount-namespaces.ts";

// A machine with a second disk at /srv, a container's overlay, and a volume of the second disk in it.
const ours = parseMountPlaces(`22 1 8:1 / / rw - ext4 /dev/sda1 rw
30 22 8:16 / /srv rw - ext4 /dev/sdb rw
40 22 0:50 / /var/lib/containers/merged rw - overlay overlay rw
41 22 0:23 / /run rw - tmpfs tmpfs rw
42 22 8:16 /go/mod /mnt/again rw - ext4 /dev/sdb rw
43 42 0:60 / /mnt/again/cache rw - tmpfs tmpfs rw
`);
const theirs = parseMountPlaces(`100 90 0:50 / / rw - overlay overlay rw
101 100 8:16 /go/mod /go/pkg/mod ro - ext4 /dev/sdb rw
102 100 0:70 / /tmp rw - tmpfs tmpfs rw
103 100 8:1 /etc/hosts /etc/hosts rw - ext4 /dev/sda1 rw
`);

describe("a path of a container", () => {
  test.each([
    ["/go/pkg/mod/cache/lock", "/srv/go/mod/cache/lock"],
    ["/go/pkg/mod", "/srv/go/mod"],
    ["/go/pkg", "/var/lib/containers/merged/go/pkg"],
    ["/go/pkg/model", "/var/lib/containers/merged/go/pkg/model"],
    ["/", "/var/lib/containers/merged"],
    ["/etc/hosts", "/etc/hosts"],
    ["/tmp/go-build1", undefined],
  ])("%s is here %s", (path, here) => expect(pathHere(path, theirs, ours)).toBe(here));

  test("not by a mount that another one hides", () => {
    const onlyAgain = ours.filter(({ mountPoint }) => mountPoint !== "/srv");
    expect(pathHere("/go/pkg/mod/x", theirs, onlyAgain)).toBe("/mnt/again/x");
    expect(pathHere("/go/pkg/mod/cache/lock", theirs, onlyAgain)).toBeUndefined();
  });

  test("with the same mounts it is the same", () => {
    expect(pathHere("/srv/go/mod/cache/lock", ours, ours)).toBe("/srv/go/mod/cache/lock");
  });
});
