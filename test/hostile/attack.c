// The attackers, and what the tests need of the kernel that neither Node nor a common program offers.
//
//   attack exchange A B            swap two names for ever (renameat2 with RENAME_EXCHANGE)
//   attack relink VICTIM OWN NAME  put hard links of VICTIM and of OWN at NAME in turn, for ever
//   attack dump PATH...            owner, mode, inode, extended attributes and content of everything below, one line each
//   attack xattr PATH NAME HEX     set an extended attribute
//   attack device PATH             make the node of /dev/zero
//   attack socket PATH             make a unix socket
//   attack silent DIR UID OPTIONS -- CMD...  mount a FUSE file system that never answers on DIR, then run CMD
//   attack autofs DIR -- CMD...    mount an autofs trigger on DIR, then run CMD; tells whether it was triggered
//   attack refuse ERRNO CALLS -- CMD...  run CMD with CALLS (chown,chmod) answered with ERRNO; 0 answers "done" and does nothing
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

static int die(const char *what) {
  perror(what);
  return 1;
}

static void exchange(const char *a, const char *b) {
  puts("ready");
  fflush(stdout);
  for (;;) syscall(SYS_renameat2, AT_FDCWD, a, AT_FDCWD, b, 2 /* RENAME_EXCHANGE */);
}

static int relink(const char *victim, const char *own, const char *name) {
  char draft[4096];
  snprintf(draft, sizeof draft, "%s.draft", name);
  unlink(draft);
  if (link(victim, draft) != 0) return die("link");
  unlink(draft);
  puts("ready");
  fflush(stdout);
  for (;;) {
    if (link(victim, draft) == 0) rename(draft, name);
    unlink(draft);
    if (link(own, draft) == 0) rename(draft, name);
    unlink(draft);
  }
}

static int dump_one(const char *path, const struct stat *s, int type, struct FTW *ftw) {
  (void)type;
  (void)ftw;
  for (const char *at = path; *at != 0; at++) printf(*at < ' ' || *at > '~' || *at == '\\' ? "\\%02x" : "%c", (unsigned char)*at);
  printf("\t%u:%u %06o ino=%lu", s->st_uid, s->st_gid, s->st_mode, (unsigned long)s->st_ino);
  char names[4096], value[65536];
  ssize_t length = llistxattr(path, names, sizeof names);
  for (char *name = names; name < names + (length > 0 ? length : 0); name += strlen(name) + 1) {
    ssize_t size = lgetxattr(path, name, value, sizeof value);
    printf(" %s=", name);
    for (ssize_t i = 0; i < size; i++) printf("%02x", (unsigned char)value[i]);
  }
  if (S_ISREG(s->st_mode)) {
    uint64_t hash = 1469598103934665603u;
    int fd = open(path, O_RDONLY | O_NOFOLLOW);
    unsigned char buffer[65536];
    for (ssize_t n; fd >= 0 && (n = read(fd, buffer, sizeof buffer)) > 0;)
      for (ssize_t i = 0; i < n; i++) hash = (hash ^ buffer[i]) * 1099511628211u;
    if (fd >= 0) close(fd);
    printf(" size=%ld content=%016lx", (long)s->st_size, (unsigned long)hash);
  }
  if (S_ISLNK(s->st_mode)) {
    ssize_t n = readlink(path, value, sizeof value - 1);
    value[n > 0 ? n : 0] = 0;
    printf(" -> %s", value);
  }
  putchar('\n');
  return 0;
}

static int set_xattr(const char *path, const char *name, const char *hex) {
  unsigned char value[1024];
  size_t n = 0;
  for (; hex[2 * n] != 0 && n < sizeof value; n++) {
    unsigned byte;
    sscanf(hex + 2 * n, "%2x", &byte);
    value[n] = (unsigned char)byte;
  }
  return lsetxattr(path, name, value, n, 0) == 0 ? 0 : die("lsetxattr");
}

static int make_socket(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  return bind(fd, (struct sockaddr *)&address, sizeof address) == 0 ? 0 : die("bind");
}

static int run(char **command) {
  pid_t pid = fork();
  if (pid == 0) {
    execvp(command[0], command);
    _exit(127);
  }
  int status;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int silent(const char *where, const char *uid, const char *more, char **command) {
  char options[256];
  struct stat s;
  if (stat(where, &s) != 0) return die(where);
  int fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
  if (fd < 0) return die("/dev/fuse");
  snprintf(options, sizeof options, "fd=%d,rootmode=%o,user_id=%s,group_id=%s%s", fd, s.st_mode & S_IFMT, uid, uid, more);
  if (mount("silent", where, "fuse", MS_NOSUID | MS_NODEV, options) != 0) return die("mount fuse");
  int status = run(command);
  umount2(where, MNT_DETACH);
  return status;
}

static int automount(const char *where, char **command) {
  char options[256];
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return die("pipe");
  // Like the daemon, this process is in the group that does not trigger; the command must be in another.
  setpgid(0, 0);
  snprintf(options, sizeof options, "fd=%d,pgrp=%d,minproto=5,maxproto=5,direct", ends[1], getpgrp());
  if (mount("trigger", where, "autofs", 0, options) != 0) return die("mount autofs");
  pid_t pid = fork();
  if (pid == 0) {
    setpgid(0, 0);
    execvp(command[0], command);
    _exit(127);
  }
  int status = 0;
  struct pollfd asked = {.fd = ends[0], .events = POLLIN};
  int triggered = 0;
  while (waitpid(pid, &status, WNOHANG) == 0)
    if (poll(&asked, 1, 50) == 1) {
      triggered = 1;
      kill(pid, 9);
      break;
    }
  umount2(where, MNT_DETACH);
  puts(triggered ? "autofs: triggered" : "autofs: quiet");
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int refuse(int error, const char *calls, char **command) {
  const struct {
    const char *name;
    int number;
  } known[] = {{"chown", SYS_fchownat}, {"chown", SYS_fchown}, {"chmod", SYS_fchmodat}, {"chmod", SYS_fchmod},
#ifdef SYS_chown
               {"chown", SYS_chown},   {"chown", SYS_lchown}, {"chmod", SYS_chmod},
#endif
  };
  struct sock_filter filter[32];
  unsigned short n = 0;
  filter[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    if (strstr(calls, known[i].name) == NULL) continue;
    filter[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)known[i].number, 0, 1);
    filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error);
  }
  filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  struct sock_fprog program = {.len = n, .filter = filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
    return die("seccomp");
  execvp(command[0], command);
  return die(command[0]);
}

int main(int argc, char **argv) {
  const char *what = argc > 2 ? argv[1] : "";
  if (strcmp(what, "exchange") == 0 && argc == 4) exchange(argv[2], argv[3]);
  if (strcmp(what, "relink") == 0 && argc == 5) return relink(argv[2], argv[3], argv[4]);
  if (strcmp(what, "xattr") == 0 && argc == 5) return set_xattr(argv[2], argv[3], argv[4]);
  if (strcmp(what, "device") == 0) return mknod(argv[2], S_IFCHR | 0666, makedev(1, 5)) == 0 ? 0 : die("mknod");
  if (strcmp(what, "socket") == 0) return make_socket(argv[2]);
  if (strcmp(what, "silent") == 0 && argc > 6) return silent(argv[2], argv[3], argv[4], argv + 6);
  if (strcmp(what, "autofs") == 0 && argc > 4) return automount(argv[2], argv + 4);
  if (strcmp(what, "refuse") == 0 && argc > 5) return refuse(atoi(argv[2]), argv[3], argv + 5);
  if (strcmp(what, "dump") == 0) {
    for (int i = 2; i < argc; i++)
      if (nftw(argv[i], dump_one, 32, FTW_PHYS) != 0) return die(argv[i]);
    return 0;
  }
  fprintf(stderr, "attack: see the top of attack.c\n");
  return 2;
}
