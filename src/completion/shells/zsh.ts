// Completion for zsh.

/** For a file _gomodcache in a directory of fpath, or to be evaluated after compinit. */
export const zsh = `#compdef gomodcache gomodcache-init
# zsh completion for gomodcache. Put it into a file _gomodcache in a directory of fpath, or, after compinit:
#   source <(gomodcache completion zsh)
_gomodcache() {
  local -a asked lines described
  local kind line word skipped=1
  asked=("\${(@Q)words[2,CURRENT]}")
  if [[ \${words[1]:t} == gomodcache-init ]]; then
    asked=(init "\${asked[@]}")
    skipped=0
  fi
  lines=("\${(@f)$(command gomodcache complete -- "\${asked[@]}" 2>/dev/null)}")
  kind=\${lines[1]}
  for line in "\${(@)lines[2,-1]}"; do
    word=\${line%%$'\\t'*}
    described+=("\${word//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( \${#described} )); then _describe -t words gomodcache described; fi
  # What follows --name= is a value.
  if [[ \${asked[-1]} == --*=* ]]; then compset -P '*='; fi
  case $kind in
    files) _files ;;
    directories) _files -/ ;;
    users) _users ;;
    groups) _groups ;;
    command\\ *)
      local before=$(( \${kind#command } + skipped ))
      shift $before words
      (( CURRENT -= before ))
      _normal
      ;;
  esac
}
if [[ \${funcstack[1]} == _gomodcache ]]; then
  _gomodcache "$@"
else
  compdef _gomodcache gomodcache gomodcache-init
fi
`;
