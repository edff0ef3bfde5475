// Whether a text could say anything about go at all: without that it is not even parsed.

/** What a rule could be about. */
export const aboutGo =
  /\b(?:go|golangci-lint-action|gomodcache(?:-init)?|GO(?:MODCACHE|CACHE|PATH|FLAGS|SUMDB|NOSUMDB|NOSUMCHECK|PRIVATE|INSECURE)|GIT_SSL_NO_VERIFY|go-build)\b|golang|pkg\/mod|sslverify/i;
