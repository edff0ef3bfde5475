// Credentials: none, wrong ones, and private modules that a public server was asked for.
import type { Rule, Subject } from "../rule.ts";
import { goprivate } from "./remedies.ts";

const credentials = {
  text: "Give git credentials for that host: a token in ~/.netrc, or a credential helper; in a Dockerfile as a build secret",
  command: "printf 'machine HOST login USER password TOKEN\\n' >> ~/.netrc && chmod 600 ~/.netrc",
};
const spelling = { text: "Look for a mistyped path too: hosts answer the same for a repository that does not exist" };
const ssh = { text: "Forward an agent with the key into the build", command: "docker build --ssh default ." };
const privateHost =
  /lookup\/(?!github\.com\/|gitlab\.com\/|bitbucket\.org\/|golang\.org\/|gopkg\.in\/|go\.uber\.org\/|google\.golang\.org\/|cloud\.google\.com\/|k8s\.io\/|sigs\.k8s\.io\/|codeberg\.org\/|gitee\.com\/|go\.\w+\.\w+\/)\S+/;
const private_ =
  /could not read (?:Username|Password)|terminal prompts disabled|Authentication failed|status (?:203|302|401|403)|403 Forbidden|401 Unauthorized|(?:unrecognized import path|git ls-remote|git fetch)[\s\S]*(?:not found|exit status 128|status \d+|no such host)|If this is a private repository/i;

const rules: readonly Rule[] = [
  {
    subcategory: "sumdb-private-410",
    says: /(?:sum\.golang\.org|\/sumdb\/\S+)\/lookup\/\S+: 410 Gone/,
    holds: ({ said }, { text }) => privateHost.test(said) || (/server response/.test(text) && private_.test(text)),
    where: "server",
    likely: true,
    message: "The public checksum database was asked for a private module, {module}, and cannot see it",
    remedies: [goprivate, credentials],
  },
  {
    subcategory: "sumdb-private-404",
    says: /(?:sum\.golang\.org|\/sumdb\/\S+)\/lookup\/\S+: 404 Not Found/,
    holds: ({ said }, { text }) => privateHost.test(said) || (/server response/.test(text) && private_.test(text)),
    where: "server",
    likely: true,
    message: "The public checksum database was asked for a private module, {module}, and cannot see it",
    remedies: [goprivate, credentials],
  },
  {
    subcategory: "private-via-public-proxy",
    says: /(?:reading https?:\S+|unexpected status \(\S+\)): (?:404|410|403|401|500)\b|no matching versions/,
    around:
      /server response:[\s\S]*(?:could not read (?:Username|Password)|terminal prompts disabled|Authentication failed|If this is a private repository|Permission denied \(publickey|[Rr]epository not found)/,
    where: "server",
    message:
      "A proxy was asked for a private module, {module}, and has no access to it: credentials of this machine cannot help",
    remedies: [goprivate, credentials],
  },
  {
    subcategory: "proxy-401",
    says: /(?:reading https?:\S+|unexpected status \(\S+\)|https?:\S+): 401\b/,
    where: "server",
    message: "The server {host} wants credentials, and go has none or wrong ones for it",
    remedies: [
      {
        text: "Put them into .netrc in the HOME that go runs with; see which it is",
        command: 'echo "$HOME"; go env GOAUTH GOPROXY',
      },
    ],
  },
  {
    subcategory: "insecure-credentials",
    says: /refusing to pass credentials to insecure URL/,
    message: "go does not send a password over plain http",
    remedies: [{ text: "Use https for the proxy", command: "go env GOPROXY" }],
  },
  {
    subcategory: "http-only-vcs",
    says: /uses insecure protocol/,
    message: "The repository can only be had over plain http, which go does not use",
    remedies: [
      { text: "Let the host offer https, or use ssh" },
      {
        text: "Only inside a network that you trust",
        command: "go env -w GOINSECURE={module}",
        weakens: "anybody on the way can exchange that module",
      },
    ],
  },
  {
    subcategory: "vanity-login-redirect",
    says: /(?:no go-import meta tags|parsing \S+.*go-get=1)/,
    around: /login|sign[_-]?in|sso|oauth|auth\b/i,
    message: "The host of the import path answers go's question with its login page",
    remedies: [credentials, goprivate],
  },
  {
    subcategory: "ssh-publickey",
    says: /Permission denied \((?:[\w-]+,)*publickey/,
    message: "The host knows no ssh key of this user",
    remedies: [ssh, { text: "See which key is offered", command: "ssh-add -l; ssh -T git@{host}" }],
  },
  {
    subcategory: "ssh-host-key",
    says: /Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED/,
    message: "ssh does not know the host's key, and there is nobody to ask",
    remedies: [
      {
        text: "Put the host's key into known_hosts, after comparing it with what the host publishes",
        command: "ssh-keyscan HOST >> ~/.ssh/known_hosts",
      },
    ],
  },
  {
    subcategory: "https-token-wrong",
    says: /could not read Password/,
    message: "git has a user name for the host and no password or token",
    remedies: [credentials, { text: "GitLab's CI has gitlab-ci-token as the user of $CI_JOB_TOKEN" }],
  },
  {
    subcategory: "https-no-credentials",
    says: /could not read Username|terminal prompts disabled|Cannot prompt because user interactivity has been disabled|could not read.*No such device or address/,
    message: "git has no credentials for the host of a private repository, or the repository does not exist",
    remedies: [credentials, goprivate, spelling],
  },
  {
    subcategory: "git-403-token-scope",
    says: /HTTP Basic: Access denied|The requested URL returned error: 403|Authentication failed for|Write access to repository not granted|SAML SSO|RPC failed; HTTP 403|Your account has been blocked|Authentifizierung fehlgeschlagen|chec d'authentification|身份验证失败|鉴权失败/,
    message:
      "The host refuses the token: it is wrong, expired, lacks the scope, or needs to be authorised for single sign-on",
    remedies: [
      { text: "Make a token that may read the repository, and try it", command: "git ls-remote https://{module}" },
      credentials,
    ],
  },
  {
    subcategory: "https-token-wrong",
    says: /The requested URL returned error: 401|RPC failed; HTTP 401|Invalid username or (?:password|token)|Support for password authentication was removed|Bad credentials/,
    near: "root",
    message: "The host does not accept user and password or token",
    remedies: [credentials],
  },
  {
    subcategory: "repo-not-found-or-no-access",
    says: /remote: (?:Repository not found|Not Found|The project you were looking for could not be found)|repository '[^']*' not found|ERROR: Repository not found|Repository '[^']*' nicht gefunden|dépôt '[^']*' (?:non trouvé|introuvable)|TF401019|project you were looking for could not be found/i,
    message: "The host shows no such repository to this user: it does not exist, or the credentials may not see it",
    remedies: [spelling, credentials, goprivate],
  },
];

export const auth: Subject = {
  category: "auth",
  disposition: "fix-environment",
  words: [
    "410 gone",
    "404 not found",
    ": 401",
    "insecure",
    "no go-import meta tags",
    "go-get=1",
    "publickey",
    "host key",
    "host identification",
    "could not read ",
    "prompt",
    "access denied",
    "returned error: 40",
    "authentication",
    "authentifi",
    "write access",
    "saml",
    "rpc failed; http 40",
    "invalid username",
    "bad credentials",
    "not found",
    "nicht gefunden",
    "no matching versions",
    "身份验证失败",
    "could not be found",
    "server response",
  ],
  rules,
};
